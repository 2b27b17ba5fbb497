import { argumentsDigest, type CompanyDeps, currentFleet, type AgentSession, recordReceipt, transact } from "@aito/company";
import type { ReportRequest } from "@aito/protocol";
import type { GatewayContext } from "../gateway-context.ts";
import type { OpenRuns } from "./open-runs.ts";

/**
 * A worker whose program is the Claude Code CLI calls no tool to hand in its work: the patch and the text that come with its last
 * report are its work, and the receipt of their arrival is the evidence. For any other caller a report is no work, and nothing is noted.
 */
export async function noteHandIn(
  context: GatewayContext,
  { session, deps }: { session: AgentSession; deps: CompanyDeps },
  report: ReportRequest,
  openRuns: OpenRuns,
): Promise<void> {
  const { task } = report;
  if (session.kind !== "worker" || task?.status !== "done" || task.id !== session.taskId) return;
  const { file } = await transact(deps, currentFleet);
  if (file.workers[session.role]?.executor !== "claude-code") return;
  const { text, patch = null } = task.result;
  if (!text && !patch) return;
  const lines = (patch ?? "").split("\n");
  const counts = {
    files_changed: lines.filter((line) => line.startsWith("+++ ")).length,
    lines_added: lines.filter((line) => /^\+(?!\+\+ )/.test(line)).length,
    lines_removed: lines.filter((line) => /^-(?!-- )/.test(line)).length,
  };
  const observedAt = context.clock.now().toISOString();
  await recordReceipt(
    deps,
    session,
    {
      tool: "hand_in",
      argumentsDigest: argumentsDigest({ text, patch }),
      ok: true,
      result: { task_id: task.id, ...counts, text, patch },
      durationMs: 0,
      run: await openRuns.of(session),
      effect: true,
      facts: Object.entries(counts).map(([metric, value]) => ({
        metric,
        value: String(value),
        unit: "count",
        period: null,
        entity: task.id,
        observedAt,
      })),
    },
    context.receiptSigner,
  );
}
