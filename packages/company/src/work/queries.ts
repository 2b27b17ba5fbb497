import type { Tx } from "@aito/db";
import { sql } from "kysely";

export interface WorkRow {
  id: string;
  agent_id: string | null;
  kind: "wake" | "task" | "message" | "vote";
  ref: string | null;
  reason: string;
  priority: number;
}

/** Returns false when the same `dedupKey` is already waiting for that agent. */
export async function insertWork(
  tx: Tx,
  work: WorkRow & { urgent: boolean; dedup_key: string | null; available_at: Date },
): Promise<boolean> {
  const found =
    await sql`insert into work (id, company_id, agent_id, kind, ref, reason, priority, urgent, dedup_key, available_at, created_at)
    values (${work.id}, ${tx.companyId}, ${work.agent_id}, ${work.kind}, ${work.ref}, ${work.reason}, ${work.priority}, ${work.urgent},
      ${work.dedup_key}, ${work.available_at}, ${tx.now})
    on conflict do nothing returning id`.execute(tx.queries);
  return found.rows.length > 0;
}

/** Takes all that waits for the agent, most urgent first. One statement: two claimers never get the same row. */
export async function claimWork(
  tx: Tx,
  input: { agentId: string; epoch: number; runId: string; leaseUntil: Date; limit: number },
): Promise<WorkRow[]> {
  const found = await sql<WorkRow>`update work set run_id = ${input.runId}, claimed_epoch = ${input.epoch},
      lease_until = ${input.leaseUntil}, attempts = attempts + 1
    where id in (select id from work where agent_id = ${input.agentId} and done_at is null and run_id is null
      and available_at <= ${tx.now} order by priority desc, created_at limit ${input.limit} for update skip locked)
    returning id, agent_id, kind, ref, reason, priority`.execute(tx.queries);
  return found.rows.toSorted((a, b) => b.priority - a.priority);
}

export async function hasOpenWork(tx: Tx, agentId: string): Promise<boolean> {
  const found = await sql`select 1 from work where agent_id = ${agentId} and done_at is null and run_id is null
    and available_at <= ${tx.now} limit 1`.execute(tx.queries);
  return found.rows.length > 0;
}

export async function finishWork(tx: Tx, runId: string): Promise<void> {
  await sql`update work set done_at = ${tx.now}, lease_until = null where run_id = ${runId} and done_at is null`.execute(
    tx.queries,
  );
}

/** What a run of this agent had claimed and not finished waits again. */
export async function reopenWork(tx: Tx, agentId: string): Promise<void> {
  await sql`update work set run_id = null, claimed_epoch = null, lease_until = null, dedup_key = null
    where agent_id = ${agentId} and done_at is null and run_id is not null`.execute(tx.queries);
}

export async function reopenRun(tx: Tx, runId: string): Promise<void> {
  await sql`update work set run_id = null, claimed_epoch = null, lease_until = null, dedup_key = null,
      attempts = attempts - 1 where run_id = ${runId} and done_at is null`.execute(tx.queries);
}

export async function extendLease(tx: Tx, runId: string, until: Date): Promise<void> {
  await sql`update work set lease_until = ${until} where run_id = ${runId} and done_at is null`.execute(tx.queries);
}

/** Claims whose lease ran out: the run is over, whatever its agent does. Returns the runs. */
export async function expiredRuns(tx: Tx): Promise<{ run_id: string; agent_id: string }[]> {
  const found = await sql<{ run_id: string; agent_id: string }>`select distinct run_id, agent_id from work
    where done_at is null and run_id is not null and lease_until < ${tx.now}`.execute(tx.queries);
  return found.rows;
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
): Promise<{ id: string; reason: string }[]> {
  const given = await sql<{ id: string; reason: string }>`update work set done_at = ${tx.now}, lease_until = null
    where run_id = ${runId} and done_at is null and attempts >= ${attemptsMax} returning id, reason`.execute(tx.queries);
  await sql`update work set run_id = null, claimed_epoch = null, lease_until = null, dedup_key = null, available_at = ${availableAt}
    where run_id = ${runId} and done_at is null`.execute(tx.queries);
  return given.rows;
}
