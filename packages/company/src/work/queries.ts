import { often, type Tx } from "@aito/db";
import { sql } from "kysely";
import type { Writer } from "../company.ts";

export interface WorkRow {
  id: string;
  agent_id: string | null;
  kind: "wake" | "task" | "message" | "vote";
  ref: string | null;
  reason: string;
  priority: number;
}

export type NewWorkRow = WorkRow & { dedup_key: string | null; available_at: Date };

const insertion = (tx: Pick<Tx, "companyId" | "now">, works: readonly NewWorkRow[]) => {
  const column = <K extends keyof NewWorkRow>(key: K) => works.map((work) => work[key]);
  return sql<{ id: string }>`insert into work (id, company_id, agent_id, kind, ref, reason, priority, urgent, dedup_key,
      available_at, created_at)
    select w.id, ${tx.companyId}::uuid, w.agent_id, w.kind, w.ref, w.reason, w.priority, w.agent_id is null, w.dedup_key,
      w.available_at::timestamptz, ${tx.now}::timestamptz
    from unnest(${column("id")}::uuid[], ${column("agent_id")}::uuid[], ${column("kind")}::text[], ${column("ref")}::text[],
        ${column("reason")}::text[], ${column("priority")}::integer[], ${column("dedup_key")}::text[],
        ${works.map((work) => work.available_at.toISOString())}::text[])
      as w (id, agent_id, kind, ref, reason, priority, dedup_key, available_at)
    on conflict do nothing returning id`;
};

/** Work that waits for nobody yet, so that all of it is added. */
export const writeWork = (tx: Writer, works: readonly NewWorkRow[]): void => tx.write(insertion(tx, works));

/** What has no agent is urgent. Returns the ids that were added: all but those whose `dedupKey` waits for that agent already. */
export async function insertWork(tx: Tx, works: readonly NewWorkRow[]): Promise<Set<string>> {
  const found = await insertion(tx, works).execute(tx.queries);
  return new Set(found.rows.map((row) => row.id));
}

/** Takes all that waits for the agent but the tasks in `without`, most urgent first. One statement: two claimers never get the same row. */
export async function claimWork(
  tx: Tx,
  input: { agentId: string; epoch: number; runId: string; limit: number; without: string[] },
): Promise<WorkRow[]> {
  const found = await sql<WorkRow>`update work set run_id = ${input.runId}, claimed_epoch = ${input.epoch},
      attempts = attempts + 1
    where id in (select id from work where agent_id = ${input.agentId} and done_at is null and run_id is null
      and available_at <= ${tx.now} ${input.without.length > 0 ? sql`and not (kind = 'task' and ref = any(${input.without}::text[]))` : sql``}
      order by priority desc, created_at limit ${input.limit} for update skip locked)
    returning id, agent_id, kind, ref, reason, priority`.execute(tx.queries);
  return found.rows.toSorted((a, b) => b.priority - a.priority);
}

/** Whether a claim would change anything: work waits, or a run stands open that its agent no longer knows of. */
export async function hasOpenWork(tx: Tx, agentId: string): Promise<boolean> {
  const found = await sql`select 1 from work where agent_id = ${agentId} and done_at is null and run_id is null
      and available_at <= ${tx.now} and not exists (select 1 from agents where id = ${agentId} and held is not null)
    union all select 1 from runs where agent_id = ${agentId} and status = 'running' limit 1`.execute(tx.queries);
  return found.rows.length > 0;
}

/** Which of these agents `hasOpenWork`. */
export async function withOpenWork(tx: Tx, agentIds: string[]): Promise<string[]> {
  const found = await often(sql<{ id: string }>`select distinct agent_id as id from work
    where agent_id = any(${agentIds}::uuid[]) and done_at is null and run_id is null and available_at <= ${tx.now}
      and agent_id not in (select id from agents where held is not null)
    union select agent_id from runs where agent_id = any(${agentIds}::uuid[]) and status = 'running'`).execute(tx.queries);
  return found.rows.map(({ id }) => id);
}

export async function finishWork(tx: Tx, runId: string): Promise<void> {
  await sql`update work set done_at = ${tx.now} where run_id = ${runId} and done_at is null`.execute(tx.queries);
}

/** What a run of this agent had claimed and not finished waits again, as if it had not been claimed. */
export async function reopenWork(tx: Tx, agentId: string): Promise<void> {
  await sql`update work set run_id = null, claimed_epoch = null, dedup_key = null, attempts = attempts - 1
    where agent_id = ${agentId} and done_at is null and run_id is not null`.execute(tx.queries);
}

interface EndedWork extends WorkRow {
  losses: number;
  interruptions: number;
}

/** The same, counted as a loss of each item. */
export async function loseWork(tx: Tx, agentId: string): Promise<EndedWork[]> {
  const found = await sql<EndedWork>`update work set run_id = null, claimed_epoch = null,
      dedup_key = null, losses = losses + 1
    where agent_id = ${agentId} and done_at is null and run_id is not null
    returning id, agent_id, kind, ref, reason, priority, losses, interruptions`.execute(tx.queries);
  return found.rows;
}

/** The same, counted as an interruption from outside, which is no attempt either. */
export async function interruptWork(tx: Tx, agentId: string): Promise<EndedWork[]> {
  const found = await sql<EndedWork>`update work set run_id = null, claimed_epoch = null,
      dedup_key = null, interruptions = interruptions + 1, attempts = attempts - 1
    where agent_id = ${agentId} and done_at is null and run_id is not null
    returning id, agent_id, kind, ref, reason, priority, losses, interruptions`.execute(tx.queries);
  return found.rows;
}

/** Before work waits again: for a task that ended while its run was under way nobody needs to be woken, or a model asked. */
export async function dropEndedTasks(tx: Tx, agentId: string): Promise<void> {
  await sql`update work set done_at = ${tx.now} where agent_id = ${agentId} and kind = 'task' and done_at is null
    and exists (select 1 from tasks t where t.id::text = work.ref and t.status in ('done', 'failed', 'cancelled'))`.execute(
    tx.queries,
  );
}

/** What waits for this stands higher or lower on its agent's desk. */
export async function raiseWork(tx: Tx, work: { kind: "task"; ref: string; priority: number }): Promise<void> {
  await sql`update work set priority = ${work.priority} where kind = ${work.kind} and ref = ${work.ref} and done_at is null`.execute(
    tx.queries,
  );
}

export async function giveUpWork(tx: Tx, workId: string): Promise<void> {
  await sql`update work set done_at = ${tx.now} where id = ${workId} and done_at is null`.execute(tx.queries);
}

/** Whether anything of the agent's is not done, claimed or not, due or not. */
export async function hasUndoneWork(tx: Tx, agentId: string): Promise<boolean> {
  const found = await sql`select 1 from work where agent_id = ${agentId} and done_at is null limit 1`.execute(tx.queries);
  return found.rows.length > 0;
}

/** The agent will not run again: nothing waits for it any more. */
export async function abandonWork(tx: Tx, agentId: string): Promise<void> {
  await sql`update work set done_at = ${tx.now} where agent_id = ${agentId} and done_at is null`.execute(tx.queries);
}

/** Whether something waits for the agent that no run of it has claimed. */
export async function hasUnclaimedWork(tx: Tx, agentId: string): Promise<boolean> {
  const found = await sql`select 1 from work where agent_id = ${agentId} and done_at is null and run_id is null limit 1`.execute(
    tx.queries,
  );
  return found.rows.length > 0;
}

export async function reopenRun(tx: Tx, runId: string): Promise<void> {
  await sql`update work set run_id = null, claimed_epoch = null, dedup_key = null,
      attempts = attempts - 1 where run_id = ${runId} and done_at is null`.execute(tx.queries);
}

/** Urgent items without an agent, the most urgent first. */
export async function selectUnassigned(tx: Tx, limit: number): Promise<string[]> {
  const found = await often(sql<{ id: string }>`select id from work where agent_id is null and done_at is null
    order by priority desc, created_at limit ${limit}`).execute(tx.queries);
  return found.rows.map((row) => row.id);
}

export async function selectOpenWork(
  tx: Tx,
  limit: number,
): Promise<{ id: string; agent: string | null; priority: number; urgent: boolean }[]> {
  const found = await sql<{ id: string; agent: string | null; priority: number; urgent: boolean }>`
    select w.id, a.name as agent, w.priority, w.urgent from work w left join agents a on a.id = w.agent_id
    where w.done_at is null and w.run_id is null order by w.created_at limit ${limit}`.execute(tx.queries);
  return found.rows;
}

/** Gives an unassigned urgent item to an agent; false when it was given away already. */
export async function assignWork(tx: Tx, workId: string, agentId: string): Promise<boolean> {
  const found = await sql`update work set agent_id = ${agentId} where id = ${workId} and agent_id is null and done_at is null
    returning id`.execute(tx.queries);
  return found.rows.length > 0;
}

export async function selectWork(tx: Tx, workId: string): Promise<(WorkRow & { done_at: Date | null }) | null> {
  const found = await sql<WorkRow & { done_at: Date | null }>`select id, agent_id, kind, ref, reason, priority, done_at from work
    where id = ${workId}`.execute(tx.queries);
  return found.rows[0] ?? null;
}

/** Open work that no longer has a purpose (a closed round's vote, a finished task). */
export async function dropWork(tx: Tx, kind: WorkRow["kind"], ref: string): Promise<void> {
  await sql`update work set done_at = ${tx.now} where kind = ${kind} and ref = ${ref} and done_at is null and run_id is null`.execute(
    tx.queries,
  );
}

/** A failed run's work waits until `availableAt` and is tried again, at most `attemptsMax` times. Returns what was given up. */
export async function retryWork(
  tx: Tx,
  runId: string,
  availableAt: Date,
  attemptsMax: number,
): Promise<Pick<WorkRow, "id" | "kind" | "ref" | "reason">[]> {
  const given = await sql<Pick<WorkRow, "id" | "kind" | "ref" | "reason">>`update work set done_at = ${tx.now}
    where run_id = ${runId} and done_at is null and attempts >= ${attemptsMax} returning id, kind, ref, reason`.execute(
    tx.queries,
  );
  await sql`update work set run_id = null, claimed_epoch = null, dedup_key = null, available_at = ${availableAt}
    where run_id = ${runId} and done_at is null`.execute(tx.queries);
  return given.rows;
}

/** For each agent the soonest work that is not due yet: a failed run's next try, or a wake of its own time. */
export async function selectUpcoming(tx: Tx): Promise<{ agent: string; at: Date; reason: string }[]> {
  const found = await sql<{ agent: string; at: Date; reason: string }>`select distinct on (w.agent_id) a.name as agent,
      w.available_at as at, w.reason
    from work w join agents a on a.id = w.agent_id
    where w.done_at is null and w.run_id is null and w.available_at > ${tx.now} and a.desired = 'running'
    order by w.agent_id, w.available_at`.execute(tx.queries);
  return found.rows;
}
