import type { Tx } from "@aito/db";
import type { TaskResult } from "@aito/protocol";
import { sql } from "kysely";

export interface Within {
  from: Date;
  to: Date;
  limit: number;
}

export interface BriefedDecision {
  id: string;
  title: string;
  status: string;
  amount_micro_usd: bigint;
  proposed_by: string;
  at: Date;
  total: number;
}

/** Decisions that ended within the time, newest first. `total`: how many there are in all. */
export async function decisionsWithin(tx: Tx, { from, to, limit }: Within): Promise<BriefedDecision[]> {
  const found =
    await sql<BriefedDecision>`select d.id, d.title, d.status, d.amount_micro_usd, coalesce(a.name, 'operator') as proposed_by,
      d.resolved_at as at, (count(*) over ())::int as total
    from decisions d left join agents a on a.id = d.proposed_by
    where d.resolved_at >= ${from} and d.resolved_at < ${to} order by d.resolved_at desc, d.id desc limit ${limit}`.execute(
      tx.queries,
    );
  return found.rows;
}

/** What decisions that were approved within the time may spend. */
export async function approvedWithin(tx: Tx, { from, to }: Pick<Within, "from" | "to">): Promise<string> {
  const found = await sql<{ sum: string }>`select coalesce(sum(amount_micro_usd), 0)::bigint::text as sum from decisions
    where status = 'approved' and resolved_at >= ${from} and resolved_at < ${to}`.execute(tx.queries);
  return found.rows[0]!.sum;
}

export interface BriefedTask {
  id: string;
  title: string;
  status: "done" | "failed";
  by: string | null;
  result: TaskResult | null;
  at: Date;
  total: number;
}

export async function tasksWithin(tx: Tx, { from, to, limit }: Within): Promise<BriefedTask[]> {
  const found =
    await sql<BriefedTask>`select t.id, t.title, t.status, coalesce(w.name, a.name) as by, t.result, t.completed_at as at, l.total
    from (select id, completed_at, (count(*) over ())::int as total from tasks
      where status in ('done', 'failed') and completed_at >= ${from} and completed_at < ${to}
      order by completed_at desc, id desc limit ${limit}) l
    join tasks t on t.id = l.id left join agents a on a.id = t.assigned_to left join agents w on w.id = t.worker_agent_id
    order by l.completed_at desc, l.id desc`.execute(tx.queries);
  return found.rows;
}

export async function ideasWithin(
  tx: Tx,
  { from, to, limit }: Within,
): Promise<{ id: string; title: string; score: number; agent: string; total: number }[]> {
  const found = await sql<{
    id: string;
    title: string;
    score: number;
    agent: string;
    total: number;
  }>`select i.id, i.title, i.score,
      a.name as agent, (count(*) over ())::int as total
    from ideas i join agents a on a.id = i.agent_id where i.created_at >= ${from} and i.created_at < ${to}
      and i.status in ('kept', 'promoted') order by i.score desc, i.id limit ${limit}`.execute(tx.queries);
  return found.rows;
}

export interface WaitingRow {
  kind: "escalation" | "approval" | "alert";
  id: string;
  title: string;
  since: Date;
  until: Date | null;
  total: number;
}

/** What waits for a human now: whatever ends by silence first, then the oldest. */
export async function waitingForHuman(tx: Tx, limit: number): Promise<WaitingRow[]> {
  const found = await sql<WaitingRow>`select w.*, (count(*) over ())::int as total from (
      select 'approval' as kind, p.id::text, a.name || ' wants to ' || p.summary as title, p.created_at as since, p.expires_at as until
        from approvals p join agents a on a.id = p.agent_id where p.status = 'waiting' and p.expires_at > ${tx.now}
      union all select 'escalation', e.id::text, d.title, e.created_at, null
        from escalations e join decisions d on d.id = e.decision_id where e.status = 'waiting'
      union all select 'alert', l.id::text, l.title, l.opened_at, null
        from alerts l where l.closed_at is null and l.kind not in ('approval', 'briefing', 'synthesis', 'digest')
    ) w order by w.until nulls last, w.since, w.id limit ${limit}`.execute(tx.queries);
  return found.rows;
}

/** Whether one of that kind and subject was made, by whichever gateway, and whether it is over or not. */
export async function alertMade(tx: Tx, kind: string, subject: string): Promise<boolean> {
  const found = await sql`select 1 from alerts where kind = ${kind} and subject = ${subject} limit 1`.execute(tx.queries);
  return found.rows.length > 0;
}
