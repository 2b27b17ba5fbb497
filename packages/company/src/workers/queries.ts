import { often, type Tx } from "@aito/db";
import { sql } from "kysely";

/** Held to the end of the transaction: of two that would take the last free number, the second sees the first. */
export async function lockSpawns(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`spawns:${tx.companyId}`}, 0))`.execute(tx.queries);
}

/** Workers that run or wait: all of the company's, and one parent's. */
export async function countWorkers(tx: Tx, parentId: string): Promise<{ company: number; parent: number }> {
  const found = await sql<{ company: number; parent: number }>`select count(*)::int as company,
      count(*) filter (where parent_agent_id = ${parentId})::int as parent
    from agents where kind = 'worker' and desired <> 'gone'`.execute(tx.queries);
  return found.rows[0]!;
}

/** Tasks that the agent has made since; findings are the platform's. */
export async function countTasksMade(tx: Tx, agentId: string, since: Date): Promise<number> {
  const found = await sql<{ made: number }>`select count(*)::int as made from tasks
    where created_by = ${agentId} and created_at > ${since} and finding_key is null`.execute(tx.queries);
  return found.rows[0]!.made;
}

/** The same task under another id that was quarantined since; null where there is none. */
export async function selectQuarantinedTwin(
  tx: Tx,
  task: { title: string; description: string; workerType: string; since: Date },
): Promise<{ id: string; result: { summary?: string } | null } | null> {
  const found = await sql<{ id: string; result: { summary?: string } | null }>`select id, result from tasks
    where quarantined_at > ${task.since} and worker_type = ${task.workerType} and title = ${task.title}
      and description = ${task.description} order by quarantined_at desc limit 1`.execute(tx.queries);
  return found.rows[0] ?? null;
}

export async function markQuarantined(tx: Tx, taskId: string): Promise<void> {
  await sql`update tasks set quarantined_at = ${tx.now} where id = ${taskId}`.execute(tx.queries);
}

/** The operator lets the same task be tried again. False when it is not quarantined. */
export async function clearQuarantine(tx: Tx, taskId: string): Promise<boolean> {
  const found = await sql`update tasks set quarantined_at = null where id = ${taskId} and quarantined_at is not null
    returning 1`.execute(tx.queries);
  return found.rows.length > 0;
}

/** Open tasks that the worker has started workers for. */
export async function selectOpenTasksUnder(tx: Tx, workerAgentId: string): Promise<string[]> {
  const found = await sql<{ id: string }>`select id from tasks where assigned_to = ${workerAgentId}
    and status in ('blocked', 'pending', 'running') order by id`.execute(tx.queries);
  return found.rows.map((row) => row.id);
}

export interface SpawnedRow {
  id: string;
  name: string;
  type: string;
  depth: number;
  parent: string;
  parent_kind: "agent" | "worker";
  root: string;
  task_id: string;
  title: string;
  priority: number;
  attempts: number;
  budget_micro_usd: bigint | null;
  status: string;
  desired: string;
  status_reason: string | null;
  container_id: string | null;
  retry_at: Date | null;
  created_at: Date;
  started_at: Date | null;
}

/** Every worker that is not past, with the standing agent at the top of its chain. */
export async function selectSpawned(tx: Tx): Promise<SpawnedRow[]> {
  const found = await often(sql<SpawnedRow>`with recursive up as (
      select id as worker, parent_agent_id as at from agents where kind = 'worker'
        and not (desired = 'gone' and status = 'inactive' and container_id is null)
      union all select up.worker, a.parent_agent_id from up join agents a on a.id = up.at where a.kind = 'worker')
    select w.id, w.name, w.type, w.depth, p.name as parent, p.kind as parent_kind, r.name as root, t.id as task_id, t.title, t.priority,
      t.attempts, t.budget_micro_usd, w.status, w.desired, w.status_reason, w.container_id, w.retry_at, w.created_at, w.started_at
    from agents w join agents p on p.id = w.parent_agent_id join tasks t on t.id = w.task_id
      join up on up.worker = w.id join agents r on r.id = up.at and r.kind = 'agent'
    order by w.created_at, w.name`).execute(tx.queries);
  return found.rows;
}
