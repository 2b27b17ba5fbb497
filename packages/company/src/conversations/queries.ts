import type { Tx } from "@aito/db";
import { sql } from "kysely";
import type { Wait } from "./wait-graph.ts";

/** Held to the end of the transaction: of two that would each add a wait, the second sees the first's. */
export async function lockWaits(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`waits:${tx.companyId}`}, 0))`.execute(tx.queries);
}

/** Who waits for whom. Status requests are answered from records, and nobody waits for long on who is gone. */
export async function selectWaits(tx: Tx): Promise<Wait[]> {
  const found = await sql<Wait>`select distinct w.name as waiter, r.name as "on"
    from messages m join agents w on w.id = m.from_agent join agents r on r.name = m.to_name
    where m.requires_response and m.responded_at is null and m.overdue_at is null and m.response_deadline > ${tx.now}
      and m.type <> 'status_request' and w.desired <> 'gone' and r.desired <> 'gone'`.execute(tx.queries);
  return found.rows;
}

export interface Pace {
  /** `messages` of the fleet file as stored; null in a revision from before it. */
  limits: unknown;
  /** What the agent has written since `since`. */
  sent: number;
  /** Of the longest chain that led to this message: its open run's messages, and the one that it answers; -1 where none did. */
  hops: number;
  /** When the last message of that chain was written. */
  chainAt: Date | null;
}

export async function selectPace(
  tx: Tx,
  input: { agentId: string; since: Date; inReplyTo: string | null; countMax: number },
): Promise<Pace> {
  const found = await sql<Pace>`with woken as (
      select (reason ->> 'ref')::uuid as id from runs, jsonb_array_elements(reasons) reason
        where agent_id = ${input.agentId} and status = 'running' and reason ->> 'kind' = 'message'
      union select ${input.inReplyTo}::uuid)
    select (select document -> 'fleet' -> 'file' -> 'messages' from fleets order by revision desc limit 1) as limits,
      (select count(*)::int from (select 1 from messages
        where from_agent = ${input.agentId} and created_at > ${input.since} limit ${input.countMax}) written) as sent,
      coalesce((select max(hops) from messages where id in (select id from woken)), -1) as hops,
      (select max(created_at) from messages where id in (select id from woken)) as "chainAt"`.execute(tx.queries);
  return found.rows[0]!;
}

export interface ConversationRow {
  turns: number;
  since: Date;
  stopped_at: Date | null;
}

/** Counts a turn when the other one wrote last. The row stays locked to the end of the transaction. */
export async function countTurn(tx: Tx, from: string, to: string): Promise<ConversationRow> {
  const [low, high] = from < to ? [from, to] : [to, from];
  const found = await sql<ConversationRow>`insert into conversations (company_id, low_agent, high_agent, last_from, turns, since)
      values (${tx.companyId}, ${low}, ${high}, ${from}, 1, ${tx.now})
    on conflict (company_id, low_agent, high_agent) do update set last_from = ${from},
      turns = conversations.turns + case when conversations.last_from = ${from} then 0 else 1 end
    returning turns, since, stopped_at`.execute(tx.queries);
  return found.rows[0]!;
}

/** Something happened: the turns are counted anew from here. */
export async function restartTurns(tx: Tx, from: string, to: string): Promise<void> {
  const [low, high] = from < to ? [from, to] : [to, from];
  await sql`update conversations set turns = 1, since = ${tx.now}, stopped_at = null
    where low_agent = ${low} and high_agent = ${high}`.execute(tx.queries);
}

/** False when it was stopped before. */
export async function stopConversation(tx: Tx, from: string, to: string): Promise<boolean> {
  const [low, high] = from < to ? [from, to] : [to, from];
  const found = await sql`update conversations set stopped_at = ${tx.now}
    where low_agent = ${low} and high_agent = ${high} and stopped_at is null returning 1`.execute(tx.queries);
  return found.rows.length > 0;
}

/** True at the first refusal since `before`. */
export async function markThrottled(tx: Tx, agentId: string, before: Date): Promise<boolean> {
  const found = await sql`update agents set throttled_at = ${tx.now}
    where id = ${agentId} and (throttled_at is null or throttled_at <= ${before}) returning 1`.execute(tx.queries);
  return found.rows.length > 0;
}

/**
 * Whether one of these agents has changed anything since: a task or the work kept for one, a decision, a ballot, a state key, an idea,
 * a metric, a publication, a change of a repository, or anything that was approved.
 */
export async function hasProgress(tx: Tx, agentIds: string[], since: Date): Promise<boolean> {
  const found = await sql<{ moved: boolean }>`select
      exists (select 1 from tasks where (assigned_to = any(${agentIds}::uuid[]) or created_by = any(${agentIds}::uuid[])
        or worker_agent_id = any(${agentIds}::uuid[])) and updated_at > ${since})
      or exists (select 1 from works where agent_id = any(${agentIds}::uuid[]) and created_at > ${since})
      or exists (select 1 from decisions where proposed_by = any(${agentIds}::uuid[])
        and (created_at > ${since} or resolved_at > ${since}))
      or exists (select 1 from votes where agent_id = any(${agentIds}::uuid[]) and cast_at > ${since})
      or exists (select 1 from agent_state where agent_id = any(${agentIds}::uuid[]) and updated_at > ${since})
      or exists (select 1 from ideas where agent_id = any(${agentIds}::uuid[]) and created_at > ${since})
      or exists (select 1 from metrics where agent_id = any(${agentIds}::uuid[]) and created_at > ${since})
      or exists (select 1 from publications where agent_id = any(${agentIds}::uuid[]) and created_at > ${since})
      or exists (select 1 from change_commits where agent_id = any(${agentIds}::uuid[]) and created_at > ${since})
      or exists (select 1 from change_reviews where agent_id = any(${agentIds}::uuid[]) and created_at > ${since})
      or exists (select 1 from changes where (agent_id = any(${agentIds}::uuid[]) or merged_by = any(${agentIds}::uuid[]))
        and updated_at > ${since})
      or exists (select 1 from actions where agent_id = any(${agentIds}::uuid[]) and created_at > ${since}) as moved`.execute(
    tx.queries,
  );
  return found.rows[0]!.moved;
}
