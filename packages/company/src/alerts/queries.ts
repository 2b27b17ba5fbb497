import type { Tx } from "@aito/db";
import type { NoticeItem } from "@aito/protocol";
import { sql } from "kysely";

export interface AlertRow {
  id: string;
  kind: string;
  subject: string;
  title: string;
  detail: string;
  items: NoticeItem[];
  opened_at: Date;
  closed_at: Date | null;
}

export interface AlertNoticeRow {
  id: string;
  alert_id: string;
  channel: string;
  /** 1 is the first, each further one a reminder. */
  number: number;
  status: "waiting" | "sending" | "sent" | "failed" | "unknown" | "dropped";
  attempts: number;
  last_error: string | null;
}

/** False when an alert of that kind about that subject is open already. */
export async function insertAlert(
  tx: Tx,
  alert: Pick<AlertRow, "id" | "kind" | "subject" | "title" | "detail"> & { items?: NoticeItem[] },
): Promise<boolean> {
  const found = await sql`insert into alerts (id, company_id, kind, subject, title, detail, items, opened_at)
    values (${alert.id}, ${tx.companyId}, ${alert.kind}, ${alert.subject}, ${alert.title}, ${alert.detail},
      ${JSON.stringify(alert.items ?? [])}::jsonb, ${tx.now})
    on conflict do nothing returning id`.execute(tx.queries);
  return found.rows.length > 0;
}

export async function endAlert(tx: Tx, kind: string, subject: string): Promise<string | null> {
  const found = await sql<{ id: string }>`update alerts set closed_at = ${tx.now}
    where kind = ${kind} and subject = ${subject} and closed_at is null returning id`.execute(tx.queries);
  return found.rows[0]?.id ?? null;
}

export async function isAlertOpen(tx: Tx, kind: string, subject: string): Promise<boolean> {
  const found = await sql`select 1 from alerts where kind = ${kind} and subject = ${subject} and closed_at is null`.execute(
    tx.queries,
  );
  return found.rows.length > 0;
}

/**
 * What has to be settled; a briefing, a synthesis and a digest only tell. What has a list of its own, where it waits for an answer, comes last: however
 * many of it there are, they hide nothing else.
 */
export async function selectOpenAlerts(tx: Tx, limit: number): Promise<AlertRow[]> {
  const found =
    await sql<AlertRow>`select * from alerts where closed_at is null and kind not in ('briefing', 'synthesis', 'digest')
      order by kind in ('approval', 'tool'), opened_at desc, id desc limit ${limit}`.execute(tx.queries);
  return found.rows;
}

/** One notice of that number for each channel; those that are there stay. `untold`: the channel does not tell such things. */
export async function insertAlertNotices(
  tx: Tx,
  input: { ids: () => string; alertId: string; channels: string[]; number: number; dueAt: Date | null; untold?: boolean },
): Promise<void> {
  const status = input.untold ? "dropped" : "waiting";
  for (const channel of input.channels) {
    await sql`insert into alert_notices (id, company_id, alert_id, channel, number, status, due_at, created_at)
      values (${input.ids()}, ${tx.companyId}, ${input.alertId}, ${channel}, ${input.number}, ${status}, ${input.dueAt}, ${tx.now})
      on conflict (alert_id, channel, number) do nothing`.execute(tx.queries);
  }
}

export interface AlertToTell {
  id: string;
  kind: string;
  expiresAt: Date | null;
}

/** Open alerts of which one of the channels has no notice yet; of a call that waits for a human, until when it does. */
export async function alertsToTell(tx: Tx, channels: string[], limit: number): Promise<AlertToTell[]> {
  const found = await sql<AlertToTell>`select a.id, a.kind,
      (select p.expires_at from approvals p where a.kind = 'approval' and p.id::text = a.subject) as "expiresAt"
    from alerts a where a.closed_at is null and (select count(*) from alert_notices n
      where n.alert_id = a.id and n.number = 1 and n.channel = any(${channels}::text[])) < ${channels.length}
    order by a.opened_at, a.id limit ${limit}`.execute(tx.queries);
  return found.rows;
}

export interface ToldApproval {
  alert_id: string;
  channel: string;
  number: number;
  status: AlertNoticeRow["status"];
  due_at: Date | null;
  attempts: number;
  created_at: Date;
  sent_at: Date | null;
}

/** The notices of calls that wait for a human, those that end first first. */
export async function toldApprovals(tx: Tx, limit: number): Promise<ToldApproval[]> {
  const found =
    await sql<ToldApproval>`select n.alert_id, n.channel, n.number, n.status, n.due_at, n.attempts, n.created_at, n.sent_at
    from (select a.id from alerts a join approvals p on p.id::text = a.subject
        where a.kind = 'approval' and a.closed_at is null and p.status = 'waiting' and p.expires_at > ${tx.now}
        order by p.expires_at, a.id limit ${limit}) w
      join alert_notices n on n.alert_id = w.id order by n.number, n.created_at, n.id`.execute(tx.queries);
  return found.rows;
}

/** Of an approval that no longer waits nobody needs to hear. */
export async function dropAnsweredApprovals(tx: Tx): Promise<void> {
  await sql`update alert_notices n set status = 'dropped' from alerts a
    where n.status = 'waiting' and a.id = n.alert_id and a.kind = 'approval' and a.closed_at is not null`.execute(tx.queries);
}

export async function waitingAlertNotices(
  tx: Tx,
  input: { channels: string[]; limit: number },
): Promise<{ id: string; attempts: number }[]> {
  const found = await sql<{ id: string; attempts: number }>`select id, attempts from alert_notices
    where status = 'waiting' and channel = any(${input.channels}::text[]) and (due_at is null or due_at <= ${tx.now})
    order by created_at, id limit ${input.limit}`.execute(tx.queries);
  return found.rows;
}

/** Claimed before `before` and never heard of again. */
export async function abandonAlertNotices(tx: Tx, before: Date): Promise<void> {
  await sql`update alert_notices set status = 'unknown',
      last_error = 'the gateway stopped while it was being sent: it may have arrived, so it is not sent again'
    where status = 'sending' and claimed_at <= ${before}`.execute(tx.queries);
}

/** Of any number of callers at once, one gets it. */
export async function takeAlertNotice(
  tx: Tx,
  id: string,
): Promise<(AlertNoticeRow & AlertRow & { expires_at: Date | null }) | null> {
  const found = await sql<
    AlertNoticeRow & AlertRow & { expires_at: Date | null }
  >`update alert_notices n set status = 'sending', attempts = n.attempts + 1,
      claimed_at = ${tx.now} from alerts a
    where n.id = ${id} and n.status = 'waiting' and a.id = n.alert_id and (n.due_at is null or n.due_at <= ${tx.now})
      and (a.kind <> 'approval' or a.closed_at is null)
    returning a.*, n.id, n.alert_id, n.channel, n.number, n.status, n.attempts, n.last_error,
      (select p.expires_at from approvals p where a.kind = 'approval' and p.id::text = a.subject) as expires_at`.execute(
    tx.queries,
  );
  return found.rows[0] ?? null;
}

export async function endAlertAttempt(
  tx: Tx,
  end: { id: string; attempt: number; status: AlertNoticeRow["status"]; error: string | null },
): Promise<void> {
  await sql`update alert_notices set status = ${end.status}, last_error = ${end.error},
      sent_at = ${end.status === "sent" ? tx.now : null}::timestamptz
    where id = ${end.id} and attempts = ${end.attempt} and status in ('sending', 'unknown')`.execute(tx.queries);
}

/** Subjects of a kind's alerts that have been open since before `before`. */
export async function selectOpenBefore(tx: Tx, kind: string, before: Date): Promise<string[]> {
  const found = await sql<{ subject: string }>`select subject from alerts
    where kind = ${kind} and closed_at is null and opened_at < ${before} order by subject limit 100`.execute(tx.queries);
  return found.rows.map(({ subject }) => subject);
}
