import { type AgentState, microToUsd, toolNamesFor } from "@aito/protocol";
import { autonomyOf } from "../autonomy/mode-of.ts";
import { type CompanyDeps, transact } from "../company.ts";
import { currentFleet } from "../fleet/current-fleet.ts";
import { runSeconds } from "../runs/run-limits.ts";
import { agentRow } from "./agent-row.ts";
import { whyAgent } from "./plans.ts";
import { selectSessionsOf } from "./queries.ts";
import { selectCostOf } from "../costs/queries.ts";

const sessionsShownMax = 5;

/** Everything that is known of one agent, from records, without a secret. Error: AITO_AGENT_UNKNOWN. */
export async function agentState(deps: CompanyDeps, name: string): Promise<AgentState> {
  const why = await whyAgent(deps, name);
  return await transact(deps, async (unit) => {
    const row = await agentRow(unit, name);
    const { file } = await currentFleet(unit);
    const sessions = await selectSessionsOf(unit, row.id, sessionsShownMax);
    const cost = await selectCostOf(unit, row.id);
    const { mode, releases } = autonomyOf(file, row.parent_name ?? row.type);
    const iso = (at: Date | null): string | null => at?.toISOString() ?? null;
    return {
      ...why.agent,
      desired: why.wanted,
      switch: why.switch,
      quarantined: why.quarantined,
      failures: why.failures,
      failedRuns: why.failedRuns,
      retryAt: why.retryAt,
      startedAt: iso(row.started_at),
      run: why.run && { id: why.run.id, startedAt: why.run.startedAt, reasons: why.run.reasons },
      queue: why.waitingWork,
      loop: { intervalSeconds: row.kind === "worker" ? null : row.loop_interval },
      profile: { path: row.profile_path, model: row.model },
      git: { repository: row.git_repo, filter: row.git_filter },
      limits: {
        memoryMb: file.workers[row.type]?.memoryMb ?? file.container.memoryMb,
        cpus: file.container.cpus,
        pids: file.container.pids,
        runtime: file.container.runtime ?? null,
        runSecondsMax: runSeconds(file, row),
      },
      sessions: sessions.map((session) => ({
        epoch: session.epoch,
        madeAt: session.created_at.toISOString(),
        helloAt: iso(session.hello_at),
        renewedAt: iso(session.session_at),
        revokedAt: iso(session.revoked_at),
        boundToContainer: session.container_key !== null,
        busUser: session.redis_user,
      })),
      grants: { tools: toolNamesFor({ kind: row.kind, isHead: row.is_head }), autonomy: mode, releases: [...releases] },
      cost: { modelCalls: cost.calls, usd: microToUsd(cost.micro_usd), unknownCalls: cost.unknown },
    };
  });
}
