import type { Tx } from "@aito/db";
import { sql } from "kysely";

export interface NoticeRow {
  id: string;
  escalation_id: string;
  channel: string;
  number: number;
  status: "waiting" | "sending" | "sent" | "failed" | "unknown" | "dropped";
  due_at: Date;
  attempts: number;
  last_error: string | null;
  claimed_at: Date | null;
  sent_at: Date | null;
  created_at: Date;
}

const columns = sql`id, escalation_id, channel, number, status, due_at, attempts, last_error, claimed_at, sent_at, created_at`;

/** False when the escalation has this channel's notice of that number already. */
export async function insertNotice(
  tx: Tx,
  row: Pick<NoticeRow, "id" | "escalation_id" | "channel" | "number" | "due_at">,
): Promise<boolean> {
  const found = await sql`insert into escalation_notices (id, company_id, escalation_id, channel, number, due_at, created_at)
    values (${row.id}, ${tx.companyId}, ${row.escalation_id}, ${row.channel}, ${row.number}, ${row.due_at}, ${tx.now})
    on conflict (escalation_id, channel, number) do nothing returning id`.execute(tx.queries);
  return found.rows.length > 0;
}

/** In the order in which they were made. */
/** What was held back for quiet hours and would come with a link that has ended: the reminder comes in its place. */
export async function dropOlderNotices(tx: Tx, escalationId: string, number: number): Promise<void> {
  await sql`update escalation_notices set status = 'dropped'
    where escalation_id = ${escalationId} and number < ${number} and status = 'waiting'`.execute(tx.queries);
}

export async function noticesOf(tx: Tx, escalationIds: string[]): Promise<NoticeRow[]> {
  const found = await sql<NoticeRow>`select ${columns} from escalation_notices where escalation_id = any(${escalationIds}::uuid[])
    order by number, created_at, id`.execute(tx.queries);
  return found.rows;
}

export async function selectNotice(tx: Tx, id: string, lock = false): Promise<NoticeRow | null> {
  const found =
    await sql<NoticeRow>`select ${columns} from escalation_notices where id = ${id} ${lock ? sql`for update` : sql``}`.execute(
      tx.queries,
    );
  return found.rows[0] ?? null;
}

export async function dueNotices(
  tx: Tx,
  input: { channels: string[]; limit: number },
): Promise<{ id: string; attempts: number }[]> {
  const found = await sql<{ id: string; attempts: number }>`select id, attempts from escalation_notices
    where status = 'waiting' and due_at <= ${tx.now} and channel = any(${input.channels}::text[])
    order by due_at, id limit ${input.limit}`.execute(tx.queries);
  return found.rows;
}

/** Notices of an escalation that no longer waits need not be sent. */
export async function dropAnswered(tx: Tx): Promise<void> {
  await sql`update escalation_notices n set status = 'dropped' from escalations e
    where n.status = 'waiting' and e.id = n.escalation_id and e.status <> 'waiting'`.execute(tx.queries);
}

/** Claimed before `before` and never heard of again: whoever claimed them died in between. */
export async function abandonedNotices(tx: Tx, before: Date): Promise<NoticeRow[]> {
  const found = await sql<NoticeRow>`update escalation_notices set status = 'unknown',
      last_error = 'the gateway stopped while it was being sent: it may have arrived, so it is not sent again'
    where status = 'sending' and claimed_at <= ${before} returning ${columns}`.execute(tx.queries);
  return found.rows;
}

/** The row must be locked. */
export async function markClaimed(tx: Tx, id: string): Promise<void> {
  await sql`update escalation_notices set status = 'sending', attempts = attempts + 1, claimed_at = ${tx.now} where id = ${id}`.execute(
    tx.queries,
  );
}

/** Ends an attempt; null when it is not that attempt's turn any more. */
export async function endAttempt(
  tx: Tx,
  input: { id: string; attempt: number; status: NoticeRow["status"]; error: string | null },
): Promise<NoticeRow | null> {
  const sentAt = input.status === "sent" ? tx.now : null;
  const found = await sql<NoticeRow>`update escalation_notices set status = ${input.status}, last_error = ${input.error},
      sent_at = ${sentAt}::timestamptz
    where id = ${input.id} and attempts = ${input.attempt} and status in ('sending', 'unknown') returning ${columns}`.execute(
    tx.queries,
  );
  return found.rows[0] ?? null;
}

/** Tasks that closed since then, of which no digest was made yet; the oldest first. */
export async function tasksToDigest(
  tx: Tx,
  { which, since, limit }: { which: "failed" | "top" | "all"; since: Date; limit: number },
): Promise<string[]> {
  const chosen = which === "failed" ? sql`and t.status = 'failed'` : which === "top" ? sql`and t.parent_task_id is null` : sql``;
  const found = await sql<{ id: string }>`select t.id from tasks t
    where t.status in ('done', 'failed') and t.completed_at >= ${since} ${chosen}
      and not exists (select 1 from alerts a where a.kind = 'digest' and a.subject = t.id::text)
    order by t.completed_at, t.id limit ${limit}`.execute(tx.queries);
  return found.rows.map(({ id }) => id);
}
