import type { AgentView } from "@aito/protocol";
import { type CompanyDeps, transact } from "../company.ts";
import { stopsOf } from "../kill-switches/find-stop.ts";
import { type ActiveSwitch, stoppedText } from "../kill-switches/rules.ts";
import { type LeadTermRow, openTerm } from "../succession/queries.ts";
import { selectLives } from "./plan-queries.ts";
import { selectSpawned } from "../workers/queries.ts";
import { type AgentRow, type ListedAgent, selectAgents } from "./queries.ts";

export interface AgentContext {
  /** The open term of the company's lead. */
  lead: Pick<LeadTermRow, "lead" | "acting"> | null;
  /** A switch that covers the agent is its reason, whatever else was one. */
  stop?: ActiveSwitch | undefined;
}

export const agentView = (row: ListedAgent, { lead, stop }: AgentContext): AgentView => ({
  name: row.name,
  role: row.type,
  kind: row.kind,
  department: row.department,
  status: row.status,
  statusReason: stop ? stoppedText(stop) : row.status_reason,
  doing: row.doing,
  epoch: row.epoch,
  containerId: row.container_id,
  lastHeartbeat: row.last_heartbeat?.toISOString() ?? null,
  restarts: row.restarts,
  parentAgent: row.parent_name,
  taskId: row.task_id,
  nextWakeAt: row.next_wake_at?.toISOString() ?? null,
  nextWakeReason: row.next_wake_reason,
  startedAt: row.started_at?.toISOString() ?? null,
  wanted: row.desired,
  held: row.held && { as: row.held, by: row.held_by ?? "system", at: (row.held_at ?? row.created_at).toISOString() },
  lead: lead?.lead === row.name ? (lead.acting ? "acting" : "lead") : null,
});

/** Standing agents, and workers that are wanted or still there; finished workers stay in the history only. */
export async function listAgents(deps: CompanyDeps, options: { withGone?: boolean } = {}): Promise<AgentView[]> {
  return await transact(deps, async (unit) => {
    const rows = await selectAgents(unit, { withPast: options.withGone });
    const stops = await stopsOf(unit, rows);
    const lead = await openTerm(unit);
    return rows
      .filter((row) => options.withGone || row.desired !== "gone" || row.status !== "inactive")
      .map((row) => agentView(row, { lead, stop: stops.get(row.id) }));
  });
}

/** What the reconciler needs of one agent: what should be, and what was last known. */
export interface DesiredAgent {
  id: string;
  name: string;
  role: string;
  kind: "agent" | "worker";
  /** A kill switch makes it `stopped`, whatever the row says. */
  desired: "running" | "stopped" | "gone";
  /** The switch, in words. */
  stoppedBy: string | null;
  status: AgentRow["status"];
  statusReason: string | null;
  epoch: number;
  containerId: string | null;
  failures: number;
  /** Incarnations in a row that ended before they had begun. */
  unbegun: number;
  retryAt: Date | null;
  lastHeartbeat: Date | null;
  startedAt: Date | null;
  /** Until when its open run may go on without progress; null when it has none. */
  leaseUntil: Date | null;
  /** False: whatever it does, the gateway refuses it (its run made no progress, or was too long). */
  hasSession: boolean;
  replacing: boolean;
  /** The configuration that it was last replaced for, until a life under it was a good one. */
  changeDigest: string | null;
  profileDigest: string;
  parentAgent: string | null;
  taskId: string | null;
  department: string | null;
  model: string;
  loopIntervalSeconds: number | null;
  gitRepo: string | null;
  gitFilter: string | null;
  /** A worker's claim to a place; none for a standing agent. */
  place?: { root: string; depth: number; priority: number; since: Date } | null;
}

/** All agents that run, should run, or still have something to be cleared away. */
export async function agentsToRun(deps: CompanyDeps): Promise<DesiredAgent[]> {
  const [rows, stops, lives, spawned] = await deps.db.transaction({ companyId: deps.companyId }, async (tx) => {
    const agents = await selectAgents(tx);
    const workers = agents.some(({ kind }) => kind === "worker") ? await selectSpawned(tx) : [];
    return [agents, await stopsOf(tx, agents), await selectLives(tx), workers] as const;
  });
  const places = new Map(
    spawned.map(({ id, root, depth, priority, created_at: since }) => [id, { root, depth, priority, since }]),
  );
  return rows
    .filter((row) => row.desired !== "gone" || row.status !== "inactive" || row.container_id !== null)
    .map((row) => ({
      id: row.id,
      name: row.name,
      role: row.type,
      kind: row.kind,
      desired: row.desired === "running" && stops.has(row.id) ? "stopped" : row.desired,
      stoppedBy: stops.has(row.id) ? stoppedText(stops.get(row.id)!) : null,
      status: row.status,
      statusReason: row.status_reason,
      epoch: row.epoch,
      containerId: row.container_id,
      failures: row.failures,
      unbegun: row.unbegun,
      retryAt: row.retry_at,
      lastHeartbeat: row.last_heartbeat,
      startedAt: row.started_at,
      leaseUntil: lives.get(row.id)?.leaseUntil ?? null,
      hasSession: lives.get(row.id)?.hasSession ?? false,
      replacing: row.replacing,
      changeDigest: row.change_digest,
      profileDigest: lives.get(row.id)?.profileDigest ?? "",
      parentAgent: row.parent_name,
      taskId: row.task_id,
      department: row.department,
      model: row.model,
      loopIntervalSeconds: row.loop_interval,
      gitRepo: row.git_repo,
      gitFilter: row.git_filter,
      place: places.get(row.id) ?? null,
    }));
}
