import { isOwnCommit, taintRun } from "@aito/company";
import type { ToolCall } from "../mcp/tool.ts";

/**
 * Before files of a branch are shown; what a change's title and reviews carry stands with its task. What stands on the branch that changes
 * go to was reviewed and merged there, and what an agent pushed for a change is the company's own: a run that had read from outside could push it only with a human's approval of exactly that text.
 * Anything else (branches of others, commits that others added to a change) was written by somebody whom nobody here has looked at yet.
 */
export async function taintByBranch(
  { context: { deps }, session }: ToolCall,
  { trusted, ...at }: { repository: string; branch: string; commit: string; trusted: string },
): Promise<void> {
  if (at.branch === trusted || (await isOwnCommit(deps, at))) return;
  await taintRun(deps, session, `the branch ${at.branch} of ${at.repository}`);
}
