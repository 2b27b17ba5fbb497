import { last, type Tx } from "@aito/db";
import { sql } from "kysely";
import type { Writer } from "../company.ts";

/** Something to say after a commit: a message on a channel, or a hint on a work queue. `body` is JSON text. */
export interface OutboxRow {
  id: string;
  kind: "channel" | "hint";
  target: string;
  body: string;
}

export function insertOutbox(tx: Writer, rows: OutboxRow[]): void {
  const column = (key: keyof OutboxRow): string[] => rows.map((row) => row[key]);
  tx.write(sql`insert into outbox (id, company_id, kind, target, body, created_at)
    select r.id, ${tx.companyId}::uuid, r.kind, r.target, r.body, ${tx.now}::timestamptz
    from unnest(${column("id")}::uuid[], ${column("kind")}::text[], ${column("target")}::text[], ${column("body")}::text[])
      as r (id, kind, target, body)`);
}

/** Its commit does not wait for the disk: of a mark that a crash of the server loses, the relay publishes the row once more. */
export async function markPublished(tx: Tx, ids: string[]): Promise<void> {
  await last(sql`with soon as (select set_config('synchronous_commit', 'off', true))
    update outbox set published_at = ${tx.now}::timestamptz from soon where id = any(${ids}::uuid[])`).execute(tx.queries);
}

/** Rows that a writer committed but did not manage to publish: what was tried least first, then the oldest. */
export async function unpublished(tx: Tx, olderThan: Date, limit: number): Promise<OutboxRow[]> {
  const found = await sql<OutboxRow>`update outbox set attempts = attempts + 1
    where id in (select id from outbox where published_at is null and created_at <= ${olderThan} order by attempts, created_at limit ${limit})
    returning id, kind, target, body`.execute(tx.queries);
  return found.rows;
}

/** Published rows have done their work, and very old ones have none any more. */
export async function dropOld(tx: Tx, publishedBefore: Date, createdBefore: Date): Promise<void> {
  await sql`delete from outbox where published_at < ${publishedBefore}`.execute(tx.queries);
  await sql`delete from outbox where published_at is null and created_at < ${createdBefore}`.execute(tx.queries);
}
