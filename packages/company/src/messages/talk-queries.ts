import type { Tx } from "@aito/db";
import type { TalkCut } from "@aito/protocol";
import { type RawBuilder, sql } from "kysely";
import type { MessageRow } from "./queries.ts";

const groups = new Set(["all", "head", "clevel"]);

/** A group's channel is what was written to it; an agent's is what it wrote and what was written to it. */
function within({ with: whom, thread }: TalkCut): RawBuilder<unknown> {
  const parts = [
    thread === undefined ? null : sql`thread_id = ${thread}`,
    whom === undefined ? null : groups.has(whom) ? sql`to_name = ${whom}` : sql`(to_name = ${whom} or from_name = ${whom})`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? sql`true` : sql.join(parts, sql` and `);
}

/** Newest first. */
export async function selectMessages(
  tx: Tx,
  filter: TalkCut & { limit: number; before?: string | undefined },
): Promise<MessageRow[]> {
  const before = filter.before
    ? sql`and (created_at, id) < (select created_at, id from messages where id = ${filter.before})`
    : sql``;
  const found = await sql<MessageRow>`select * from messages where ${within(filter)} ${before}
    order by created_at desc, id desc limit ${filter.limit}`.execute(tx.queries);
  return found.rows;
}

/** Oldest first, from a time on, or after one message. */
export async function selectReplay(
  tx: Tx,
  filter: TalkCut & { limit: number; from: Date | null; after: string | null },
): Promise<MessageRow[]> {
  const from = filter.from ? sql`and created_at >= ${filter.from}` : sql``;
  const after = filter.after
    ? sql`and (created_at, id) > (select created_at, id from messages where id = ${filter.after})`
    : sql``;
  const found = await sql<MessageRow>`select * from messages where ${within(filter)} ${from} ${after}
    order by created_at, id limit ${filter.limit}`.execute(tx.queries);
  return found.rows;
}

export interface SpanRow {
  first: Date | null;
  last: Date | null;
  messages: number;
}

export async function selectSpan(tx: Tx, cut: TalkCut): Promise<SpanRow> {
  const found = await sql<SpanRow>`select min(created_at) as first, max(created_at) as last, count(*)::int as messages
    from messages where ${within(cut)}`.execute(tx.queries);
  return found.rows[0]!;
}

/** How many fall into each of `parts` equal parts of the time between the first and the last; parts without any are left out. */
export async function selectParts(
  tx: Tx,
  cut: TalkCut & { first: Date; last: Date; parts: number },
): Promise<{ part: number; messages: number }[]> {
  const { first, last, parts } = cut;
  const found = await sql<{
    part: number;
    messages: number;
  }>`select width_bucket(created_at, ${beginnings(first, last, parts)}::timestamptz[])
      as part, count(*)::int as messages
    from messages where ${within(cut)} and created_at between ${first} and ${last} group by 1 order by 1`.execute(tx.queries);
  return found.rows;
}

/** Where each part but the first begins: times are whole milliseconds. */
function beginnings(first: Date, last: Date, parts: number): string[] {
  const span = Math.max(1, last.getTime() - first.getTime());
  return Array.from({ length: parts - 1 }, (_, at) =>
    new Date(first.getTime() + Math.ceil((span * (at + 1)) / parts)).toISOString(),
  );
}

export interface ThreadRow {
  id: string;
  messages: number;
  last_id: string;
  people: string[];
}

/**
 * Conversations of more than one message, the newest first by their first message. They are found by their answers: most messages begin
 * nothing, and to look at each of those for an answer takes longer the longer a company has talked.
 */
export async function selectThreads(
  tx: Tx,
  filter: { with?: string | undefined; limit: number; before?: string | undefined },
): Promise<ThreadRow[]> {
  const before = filter.before ? sql`and thread_id < ${filter.before}` : sql``;
  const whom =
    filter.with === undefined
      ? sql``
      : sql`and exists (select 1 from messages w where w.thread_id = r.id and
    (w.to_name = ${filter.with} or w.from_name = ${filter.with}))`;
  const found = await sql<ThreadRow>`with page as (
      select r.id from (select distinct thread_id from messages where thread_id <> id ${before} order by thread_id desc) answered
        join messages r on r.id = answered.thread_id
      where true ${whom} order by answered.thread_id desc limit ${filter.limit}
    )
    select page.id, t.messages, t.last_id, t.people from page
    cross join lateral (select count(*)::int as messages, (array_agg(m.id order by m.created_at desc, m.id desc))[1] as last_id,
        array_agg(distinct m.from_name::text) as people
      from messages m where m.thread_id = page.id) t
    order by page.id desc`.execute(tx.queries);
  return found.rows;
}

export async function selectMessagesById(tx: Tx, ids: string[]): Promise<MessageRow[]> {
  const found = await sql<MessageRow>`select * from messages where id = any(${ids}::uuid[])`.execute(tx.queries);
  return found.rows;
}
