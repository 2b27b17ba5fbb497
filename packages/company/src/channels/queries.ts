import type { Tx } from "@aito/db";
import { sql } from "kysely";

export interface ChannelState {
  channel: string;
  last_sent_at: Date | null;
  last_failed_at: Date | null;
  last_error: string | null;
}

export async function channelStates(tx: Tx): Promise<ChannelState[]> {
  const found = await sql<ChannelState>`select channel, last_sent_at, last_failed_at, last_error from notice_channels`.execute(
    tx.queries,
  );
  return found.rows;
}

/** How an attempt by this channel ended: `error` null, it arrived. What went wrong last stays beside it. */
export async function writeChannelState(tx: Tx, { channel, error }: { channel: string; error: string | null }): Promise<void> {
  const [sent, failed] = error === null ? [tx.now, null] : [null, tx.now];
  await sql`insert into notice_channels (company_id, channel, last_sent_at, last_failed_at, last_error)
    values (${tx.companyId}, ${channel}, ${sent}::timestamptz, ${failed}::timestamptz, ${error})
    on conflict (company_id, channel) do update set last_sent_at = coalesce(excluded.last_sent_at, notice_channels.last_sent_at),
      last_failed_at = coalesce(excluded.last_failed_at, notice_channels.last_failed_at),
      last_error = coalesce(excluded.last_error, notice_channels.last_error)`.execute(tx.queries);
}

/** How many notices wait for each channel. */
export async function waitingByChannel(tx: Tx): Promise<Map<string, number>> {
  const found = await sql<{ channel: string; count: number }>`select channel, count(*)::int as count from (
      select channel from escalation_notices where status in ('waiting', 'sending')
      union all select channel from alert_notices where status in ('waiting', 'sending')) n group by channel`.execute(tx.queries);
  return new Map(found.rows.map(({ channel, count }) => [channel, count]));
}

export interface NoticeEntryRow {
  id: string;
  about: string;
  subject: string;
  title: string;
  channel: string;
  number: number;
  status: "waiting" | "sending" | "sent" | "failed" | "unknown" | "dropped";
  attempts: number;
  last_error: string | null;
  due_at: Date | null;
  sent_at: Date | null;
  created_at: Date;
}

/** Newest first (ids sort by time). */
export async function selectNotices(
  tx: Tx,
  page: { limit: number; before?: string | undefined; channel?: string | undefined },
): Promise<NoticeEntryRow[]> {
  const before = page.before ? sql`and n.id < ${page.before}::uuid` : sql``;
  const channel = page.channel ? sql`and n.channel = ${page.channel}` : sql``;
  const found = await sql<NoticeEntryRow>`select * from (
      (select n.id, 'escalation' as about, n.escalation_id::text as subject, d.title, n.channel, n.number, n.status, n.attempts,
        n.last_error, n.due_at, n.sent_at, n.created_at
        from escalation_notices n join escalations e on e.id = n.escalation_id join decisions d on d.id = e.decision_id
        where true ${before} ${channel} order by n.id desc limit ${page.limit})
      union all
      (select n.id, a.kind, a.subject, a.title, n.channel, n.number, n.status, n.attempts,
        n.last_error, n.due_at, n.sent_at, n.created_at
        from alert_notices n join alerts a on a.id = n.alert_id
        where true ${before} ${channel} order by n.id desc limit ${page.limit})
    ) told order by id desc limit ${page.limit}`.execute(tx.queries);
  return found.rows;
}
