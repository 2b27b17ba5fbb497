import type { RunView } from "@aito/protocol";
import { agentRow } from "../agents/agent-row.ts";
import { type CompanyDeps, transact } from "../company.ts";
import { selectRuns } from "./queries.ts";

/** The agent's last runs, newest first. */
export async function listRuns(deps: CompanyDeps, input: { agent: string; limit?: number }): Promise<RunView[]> {
  return await transact(deps, async (unit) => {
    const agent = await agentRow(unit, input.agent);
    const rows = await selectRuns(unit, agent.id, Math.min(input.limit ?? 20, 100));
    return rows.map((row) => ({
      id: row.id,
      agent: agent.name,
      epoch: row.epoch,
      status: row.status,
      reasons: row.reasons.map((reason) => reason.text),
      summary: row.summary,
      error: row.error,
      modelCalls: row.model_calls,
      log: row.log,
      startedAt: row.started_at.toISOString(),
      endedAt: row.ended_at?.toISOString() ?? null,
    }));
  });
}
