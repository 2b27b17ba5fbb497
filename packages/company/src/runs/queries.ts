import type { Tx } from "@aito/db";
import { sql } from "kysely";

export interface RunRow {
  id: string;
  agent_id: string;
  epoch: number;
  reasons: { kind: "wake" | "task" | "message" | "vote"; ref: string | null; text: string }[];
  status: "running" | "done" | "nothing_new" | "failed" | "lost";
  model_calls: number;
  summary: string | null;
  error: string | null;
  log: string;
  started_at: Date;
  ended_at: Date | null;
  /** Without progress the run is over then; null in runs from before there were leases. */
  lease_until: Date | null;
  /** Progress extends the lease no further than this. */
  deadline_at: Date | null;
}

export async function insertRun(
  tx: Tx,
  run: Pick<RunRow, "id" | "agent_id" | "epoch" | "reasons"> & { lease_until: Date; deadline_at: Date },
): Promise<void> {
  await sql`insert into runs (id, company_id, agent_id, epoch, reasons, status, started_at, lease_until, deadline_at)
    values (${run.id}, ${tx.companyId}, ${run.agent_id}, ${run.epoch}, ${JSON.stringify(run.reasons)}::jsonb, 'running', ${tx.now},
      ${run.lease_until}, ${run.deadline_at})`.execute(tx.queries);
}

/** Who makes progress keeps its run, up to the run's deadline. */
export async function extendLease(tx: Tx, input: { agentId: string; epoch: number; until: Date }): Promise<void> {
  await sql`update runs set lease_until = least(${input.until}::timestamptz, deadline_at)
    where agent_id = ${input.agentId} and epoch = ${input.epoch} and status = 'running'`.execute(tx.queries);
}

/** Runs whose lease ran out: over, whatever their agents do. */
export async function expiredRuns(tx: Tx, limit: number): Promise<{ id: string; agent_id: string }[]> {
  const found = await sql<{ id: string; agent_id: string }>`select id, agent_id from runs
    where status = 'running' and lease_until < ${tx.now} order by lease_until limit ${limit}`.execute(tx.queries);
  return found.rows;
}

/** False when the task is no longer pending: it was stopped meanwhile. */
export async function beginTask(tx: Tx, taskId: string): Promise<boolean> {
  const found = await sql`update tasks set status = 'running', updated_at = ${tx.now} where id = ${taskId} and status = 'pending'
    returning id`.execute(tx.queries);
  return found.rows.length > 0;
}

/** What it was shown once stays with the run. */
export async function addShownTasks(tx: Tx, runId: string, ids: string[]): Promise<void> {
  await sql`update runs set shown_tasks = array(select unnest(shown_tasks) union select unnest(${ids}::uuid[])) where id = ${runId}`.execute(
    tx.queries,
  );
}

/** Locked, so that nobody ends it meanwhile. */
export async function selectRun(tx: Tx, id: string): Promise<RunRow | null> {
  const found = await sql<RunRow>`select * from runs where id = ${id} for update`.execute(tx.queries);
  return found.rows[0] ?? null;
}

export async function endRun(
  tx: Tx,
  run: { id: string; status: RunRow["status"]; summary: string; error: string | null; modelCalls: number },
): Promise<void> {
  await sql`update runs set status = ${run.status}, summary = ${run.summary}, error = ${run.error}, model_calls = ${run.modelCalls},
    ended_at = ${tx.now} where id = ${run.id} and status = 'running'`.execute(tx.queries);
}

export async function loseRuns(tx: Tx, agentId: string, reason: string, logTail: string): Promise<void> {
  await sql`update runs set status = 'lost', error = ${reason}, ended_at = ${tx.now}, log = right(log || ${logTail}, 20000)
    where agent_id = ${agentId} and status = 'running'`.execute(tx.queries);
}

export async function loseRun(tx: Tx, runId: string, reason: string): Promise<void> {
  await sql`update runs set status = 'lost', error = ${reason}, ended_at = ${tx.now} where id = ${runId} and status = 'running'`.execute(
    tx.queries,
  );
}

/** Keeps the last 20,000 characters. */
export async function appendLog(tx: Tx, runId: string, agentId: string, text: string): Promise<void> {
  await sql`update runs set log = right(log || ${text}, 20000) where id = ${runId} and agent_id = ${agentId} and status = 'running'`.execute(
    tx.queries,
  );
}

export async function selectRuns(tx: Tx, agentId: string, limit: number): Promise<RunRow[]> {
  const found = await sql<RunRow>`select * from runs where agent_id = ${agentId} order by started_at desc limit ${limit}`.execute(
    tx.queries,
  );
  return found.rows;
}

export interface LoopActionRow {
  id: string;
  agent_id: string;
  position: number;
  text: string;
  every_seconds: number;
  creative: boolean;
  next_due_at: Date;
}

export async function replaceLoopActions(
  tx: Tx,
  agentId: string,
  actions: { id: string; position: number; text: string; everySeconds: number; creative: boolean; nextDueAt: Date }[],
): Promise<void> {
  const kept = actions.map((action) => action.position);
  await sql`delete from agent_loop_actions where agent_id = ${agentId} and position <> all(${kept}::int[])`.execute(tx.queries);
  for (const action of actions) {
    await sql`insert into agent_loop_actions (id, company_id, agent_id, position, text, every_seconds, creative, next_due_at)
      values (${action.id}, ${tx.companyId}, ${agentId}, ${action.position}, ${action.text}, ${action.everySeconds},
        ${action.creative}, ${action.nextDueAt})
      on conflict (agent_id, position) do update set text = excluded.text, every_seconds = excluded.every_seconds,
        creative = excluded.creative, next_due_at = least(agent_loop_actions.next_due_at, excluded.next_due_at)`.execute(
      tx.queries,
    );
  }
}

/** The actions that are due, or were at a moment before. */
export async function dueLoopActions(tx: Tx, agentId: string, at: Date = tx.now): Promise<LoopActionRow[]> {
  const found = await sql<LoopActionRow>`select * from agent_loop_actions where agent_id = ${agentId} and next_due_at <= ${at}
    order by position`.execute(tx.queries);
  return found.rows;
}

/** The next due time counts from now: a missed window runs once, not once for each missed tick. */
export async function advanceLoopActions(tx: Tx, ids: string[]): Promise<void> {
  await sql`update agent_loop_actions set last_run_at = ${tx.now}, next_due_at = ${tx.now}::timestamptz + make_interval(secs => every_seconds)
    where id = any(${ids}::uuid[])`.execute(tx.queries);
}

export async function nextLoopAction(tx: Tx, agentId: string): Promise<LoopActionRow | null> {
  const found =
    await sql<LoopActionRow>`select * from agent_loop_actions where agent_id = ${agentId} order by next_due_at, position
    limit 1`.execute(tx.queries);
  return found.rows[0] ?? null;
}

export async function selectDueWakes(tx: Tx): Promise<{ id: string; name: string; next_wake_reason: string | null }[]> {
  const found = await sql<{
    id: string;
    name: string;
    next_wake_reason: string | null;
  }>`select id, name, next_wake_reason from agents
    where next_wake_at <= ${tx.now} and desired = 'running' order by next_wake_at limit 100`.execute(tx.queries);
  return found.rows;
}

export async function setReasons(tx: Tx, runId: string, reasons: RunRow["reasons"]): Promise<void> {
  await sql`update runs set reasons = ${JSON.stringify(reasons)}::jsonb where id = ${runId}`.execute(tx.queries);
}

/** A run that claimed nothing never was. */
export async function deleteRun(tx: Tx, runId: string): Promise<void> {
  await sql`delete from runs where id = ${runId}`.execute(tx.queries);
}
