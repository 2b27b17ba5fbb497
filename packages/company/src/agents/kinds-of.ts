import type { Authority } from "@aito/protocol";
import { type GitScope, scopeIn } from "../changes/git-scope.ts";
import { type CompanyDeps, transact } from "../company.ts";
import { currentFleet } from "../fleet/current-fleet.ts";
import { spawnableTypes } from "../workers/check-spawn.ts";
import { agentRowById } from "./agent-row.ts";
import type { AgentSession } from "./session.ts";

/**
 * The kinds of decision that the agent's profile lists, by type (a worker's are its parent's), and the worker types that it may
 * start; what it may do in git. Error: AITO_AGENT_UNKNOWN.
 */
export async function kindsOf(
  deps: CompanyDeps,
  session: AgentSession,
): Promise<Pick<Authority, "minor" | "major" | "critical"> & { workerTypes: string[]; git: GitScope | null }> {
  return await transact(deps, async (unit) => {
    const agent = await agentRowById(unit, session.agentId);
    const { minor, major, critical } = (agent.parent_agent_id ? await agentRowById(unit, agent.parent_agent_id) : agent).profile
      .authority;
    const workerTypes = spawnableTypes((await currentFleet(unit)).file, agent);
    return { minor, major, critical, workerTypes, git: await scopeIn(unit, agent) };
  });
}
