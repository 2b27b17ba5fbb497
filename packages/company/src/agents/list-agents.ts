import type { AgentView } from "@aito/protocol";
import { type CompanyDeps, transact } from "../company.ts";
import { type AgentRow, selectAgents } from "./queries.ts";

export const agentView = (row: AgentRow): AgentView => ({
  name: row.name,
  role: row.type,
  kind: row.kind,
  department: row.department,
  status: row.status,
  statusReason: row.status_reason,
  doing: row.doing,
  epoch: row.epoch,
  containerId: row.container_id,
  lastHeartbeat: row.last_heartbeat?.toISOString() ?? null,
  restarts: row.restarts,
  parentAgent: row.parent_name,
  taskId: row.task_id,
  nextWakeAt: row.next_wake_at?.toISOString() ?? null,
  nextWakeReason: row.next_wake_reason,
});

/** Standing agents, and workers that are wanted or still there; finished workers stay in the history only. */
export async function listAgents(deps: CompanyDeps, options: { withGone?: boolean } = {}): Promise<AgentView[]> {
  const rows = await transact(deps, (unit) => selectAgents(unit, { withPast: options.withGone }));
  return rows.filter((row) => options.withGone || row.desired !== "gone" || row.status !== "inactive").map(agentView);
}

/** What the reconciler needs of one agent: what should be, and what was last known. */
export interface DesiredAgent {
  id: string;
  name: string;
  role: string;
  kind: "agent" | "worker";
  desired: "running" | "stopped" | "gone";
  status: AgentRow["status"];
  statusReason: string | null;
  epoch: number;
  containerId: string | null;
  failures: number;
  retryAt: Date | null;
  lastHeartbeat: Date | null;
  startedAt: Date | null;
  parentAgent: string | null;
  taskId: string | null;
  department: string | null;
  model: string;
  loopIntervalSeconds: number | null;
  gitRepo: string | null;
  gitFilter: string | null;
}

/** All agents that run, should run, or still have something to be cleared away. */
export async function agentsToRun(deps: CompanyDeps): Promise<DesiredAgent[]> {
  const rows = await transact(deps, (unit) => selectAgents(unit));
  return rows
    .filter((row) => row.desired !== "gone" || row.status !== "inactive" || row.container_id !== null)
    .map((row) => ({
      id: row.id,
      name: row.name,
      role: row.type,
      kind: row.kind,
      desired: row.desired,
      status: row.status,
      statusReason: row.status_reason,
      epoch: row.epoch,
      containerId: row.container_id,
      failures: row.failures,
      retryAt: row.retry_at,
      lastHeartbeat: row.last_heartbeat,
      startedAt: row.started_at,
      parentAgent: row.parent_name,
      taskId: row.task_id,
      department: row.department,
      model: row.model,
      loopIntervalSeconds: row.loop_interval,
      gitRepo: row.git_repo,
      gitFilter: row.git_filter,
    }));
}
