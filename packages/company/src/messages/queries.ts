import type { Tx } from "@aito/db";
import type { MessageType, Priority } from "@aito/protocol";
import { sql } from "kysely";
import type { Writer } from "../company.ts";

export interface MessageRow {
  id: string;
  type: MessageType;
  from_name: string;
  to_name: string;
  payload: Record<string, unknown>;
  priority: Priority;
  requires_response: boolean;
  response_deadline: Date | null;
  in_reply_to: string | null;
  responded_at: Date | null;
  /** It answers a message whose deadline had passed. */
  late: boolean;
  /** How many messages led to it, each to the next. */
  hops: number;
  /** The text from outside that its writer had read; null: none. */
  taint: string | null;
  created_at: Date;
}

/** What its writer had read stands with it, and what is known of the decision or task that it tells of: the titles are theirs. */
export function insertMessage(tx: Writer, message: Omit<MessageRow, "responded_at" | "created_at">): void {
  const { decision_id: decision = null, task_id: task = null } = message.payload as {
    decision_id?: string;
    task_id?: string | null;
  };
  tx.write(sql`insert into messages (id, company_id, type, from_name, from_agent, to_name, payload, priority, requires_response,
      response_deadline, in_reply_to, late, hops, taint, created_at)
    values (${message.id}, ${tx.companyId}, ${message.type}, ${message.from_name},
      (select id from agents where name = ${message.from_name}), ${message.to_name},
      ${JSON.stringify(message.payload)}::jsonb, ${message.priority}, ${message.requires_response}, ${message.response_deadline},
      ${message.in_reply_to}, ${message.late}, ${message.hops},
      coalesce(${message.taint}, aito_taint((select id from agents where name = ${message.from_name})),
        (select taint from decisions where id = ${decision}::uuid), (select taint from tasks where id = ${task}::uuid)), ${tx.now})`);
}

export function insertDelivery(tx: Writer, input: { id: string; messageId: string; agentId: string }): void {
  tx.write(sql`insert into deliveries (id, company_id, message_id, agent_id, rung_at, rings)
    values (${input.id}, ${tx.companyId}, ${input.messageId}, ${input.agentId}, ${tx.now}, 1)`);
}

/** Messages whose writer is no agent and that are tainted by nothing but what they say, each with its one delivery. */
export function insertLetters(
  tx: Writer,
  letters: readonly { message: Omit<MessageRow, "responded_at" | "created_at">; deliveryId: string; readerId: string }[],
): void {
  const column = <T>(of: (letter: (typeof letters)[number]) => T): T[] => letters.map(of);
  const ids = column(({ message }) => message.id);
  tx.write(sql`insert into messages (id, company_id, type, from_name, to_name, payload, priority, requires_response, late, hops, taint, created_at)
    select m.id, ${tx.companyId}::uuid, m.type, m.from_name, m.to_name, m.payload::jsonb, m.priority, false, false, 0, m.taint,
      ${tx.now}::timestamptz
    from unnest(${ids}::uuid[], ${column(({ message }) => message.type)}::text[], ${column(({ message }) => message.from_name)}::text[],
        ${column(({ message }) => message.to_name)}::text[], ${column(({ message }) => JSON.stringify(message.payload))}::text[],
        ${column(({ message }) => message.priority)}::text[], ${column(({ message }) => message.taint)}::text[])
      as m (id, type, from_name, to_name, payload, priority, taint)`);
  tx.write(sql`insert into deliveries (id, company_id, message_id, agent_id, rung_at, rings)
    select d.id, ${tx.companyId}::uuid, d.message, d.reader, ${tx.now}::timestamptz, 1
    from unnest(${column(({ deliveryId }) => deliveryId)}::uuid[], ${ids}::uuid[], ${column(({ readerId }) => readerId)}::uuid[])
      as d (id, message, reader)`);
}

export async function markResponded(tx: Tx, messageId: string): Promise<void> {
  await sql`update messages set responded_at = ${tx.now} where id = ${messageId} and responded_at is null`.execute(tx.queries);
}

/** The agent has read these. Unknown ids and ids of others change nothing. */
export async function acknowledgeDeliveries(tx: Tx, agentId: string, messageIds: string[]): Promise<void> {
  await sql`update deliveries set acknowledged_at = ${tx.now}, delivered_at = coalesce(delivered_at, ${tx.now})
    where agent_id = ${agentId} and message_id = any(${messageIds}::uuid[]) and acknowledged_at is null`.execute(tx.queries);
}

/** The agent's inbox: what it has not acknowledged, oldest first. Marks it as delivered. */
export async function unreadMessages(tx: Tx, agentId: string, limit: number): Promise<MessageRow[]> {
  await sql`update deliveries set delivered_at = ${tx.now}
    where agent_id = ${agentId} and acknowledged_at is null and delivered_at is null`.execute(tx.queries);
  const found = await sql<MessageRow>`select m.* from messages m join deliveries d on d.message_id = m.id
    where d.agent_id = ${agentId} and d.acknowledged_at is null order by m.created_at, m.id limit ${limit}`.execute(tx.queries);
  return found.rows;
}

export async function hasUnread(tx: Tx, agentId: string): Promise<boolean> {
  const found = await sql`select 1 from deliveries where agent_id = ${agentId} and acknowledged_at is null limit 1`.execute(
    tx.queries,
  );
  return found.rows.length > 0;
}

/** Unacknowledged messages that were last rung before `before`; counts this ring. */
export async function ringOld(
  tx: Tx,
  before: Date,
  ringsMax: number,
  limit: number,
): Promise<{ message_id: string; agent: string; type: string }[]> {
  const found = await sql<{
    message_id: string;
    agent: string;
    type: string;
  }>`update deliveries d set rung_at = ${tx.now}, rings = rings + 1
    from agents a, messages m
    where a.id = d.agent_id and m.id = d.message_id
      -- Those who cannot hear are left out before the limit, or their letters would keep all others from being rung again.
      and d.id in (select o.id from deliveries o join agents r on r.id = o.agent_id
        where o.acknowledged_at is null and o.rung_at < ${before} and o.rings < ${ringsMax} and r.desired = 'running'
        order by o.rung_at limit ${limit} for update of o skip locked)
    returning d.message_id, a.name as agent, m.type`.execute(tx.queries);
  return found.rows;
}

export async function selectMessage(tx: Tx, id: string, options: { lock?: boolean } = {}): Promise<MessageRow | null> {
  const found =
    await sql<MessageRow>`select * from messages where id = ${id} ${options.lock ? sql`for no key update` : sql``}`.execute(
      tx.queries,
    );
  return found.rows[0] ?? null;
}

export async function wasDelivered(tx: Tx, messageId: string, agentId: string): Promise<boolean> {
  const found = await sql`select 1 from deliveries where message_id = ${messageId} and agent_id = ${agentId}`.execute(tx.queries);
  return found.rows.length > 0;
}

/** Status requests that nobody answered yet, with whom they went to. */
export async function openStatusRequests(tx: Tx, limit: number): Promise<(MessageRow & { agent_id: string; agent: string })[]> {
  const found = await sql<MessageRow & { agent_id: string; agent: string }>`select m.*, a.id as agent_id, a.name as agent
    from messages m join deliveries d on d.message_id = m.id join agents a on a.id = d.agent_id
    where m.type = 'status_request' and d.acknowledged_at is null
      and (m.response_deadline is null or m.response_deadline > ${tx.now}) and a.status = 'active'
    order by m.created_at limit ${limit}`.execute(tx.queries);
  return found.rows;
}

/**
 * What went unanswered past its deadline; marked so that it is reported once. Status queries of the platform are closed as a whole
 * and name who is missing.
 */
export async function takeOverdue(tx: Tx, limit: number): Promise<MessageRow[]> {
  const found = await sql<MessageRow>`update messages set overdue_at = ${tx.now} where id in (select id from messages
    where requires_response and responded_at is null and overdue_at is null and response_deadline < ${tx.now}
      and (type <> 'status_request' or payload ->> 'query_id' is null)
    order by response_deadline limit ${limit} for update skip locked)
    returning *`.execute(tx.queries);
  return found.rows;
}

export interface StatusQueryRow {
  id: string;
  asked_by: string;
  asked: { agents: string[]; v: number };
  deadline_at: Date;
  created_at: Date;
}

export async function insertStatusQuery(
  tx: Tx,
  query: { id: string; askedBy: string; agents: string[]; deadlineAt: Date },
): Promise<void> {
  await sql`insert into status_queries (id, company_id, asked_by, asked, deadline_at, created_at)
    values (${query.id}, ${tx.companyId}, ${query.askedBy}, ${JSON.stringify({ v: 1, agents: query.agents })}::jsonb, ${query.deadlineAt},
      ${tx.now})`.execute(tx.queries);
}

export async function openStatusQueries(tx: Tx): Promise<StatusQueryRow[]> {
  const found = await sql<StatusQueryRow>`select * from status_queries where closed_at is null for update`.execute(tx.queries);
  return found.rows;
}

export async function closeStatusQueryRow(tx: Tx, id: string, result: Record<string, unknown>): Promise<void> {
  await sql`update status_queries set closed_at = ${tx.now}, result = ${JSON.stringify(result)}::jsonb where id = ${id}`.execute(
    tx.queries,
  );
}

/** The answers to one status query, by who answered. */
export async function statusAnswers(tx: Tx, queryId: string): Promise<MessageRow[]> {
  const found =
    await sql<MessageRow>`select * from messages where type = 'status_response' and payload ->> 'query_id' = ${queryId}
    order by created_at`.execute(tx.queries);
  return found.rows;
}

export async function selectDeliveriesOf(
  tx: Tx,
  messageId: string,
): Promise<{ agent: string; delivered_at: Date | null; acknowledged_at: Date | null; rings: number }[]> {
  const found = await sql<{ agent: string; delivered_at: Date | null; acknowledged_at: Date | null; rings: number }>`
    select a.name as agent, d.delivered_at, d.acknowledged_at, d.rings from deliveries d join agents a on a.id = d.agent_id
    where d.message_id = ${messageId} order by a.name`.execute(tx.queries);
  return found.rows;
}

/** Everything that hangs together with a message by answers, up to its first and down from there, oldest first. */
export async function selectThread(tx: Tx, messageId: string, limit: number): Promise<MessageRow[]> {
  const found = await sql<MessageRow>`with recursive up as (
      select id, in_reply_to, 1 as depth from messages where id = ${messageId}
      union all select m.id, m.in_reply_to, up.depth + 1 from messages m join up on m.id = up.in_reply_to where up.depth < ${limit}
    ), down as (
      (select id, 1 as depth from up order by up.depth desc limit 1)
      union all select m.id, down.depth + 1 from messages m join down on m.in_reply_to = down.id where down.depth < ${limit}
    )
    select m.* from messages m where m.id in (select id from down) order by m.created_at, m.id limit ${limit}`.execute(
    tx.queries,
  );
  return found.rows;
}
