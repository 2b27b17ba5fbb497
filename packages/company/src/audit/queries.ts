import type { Tx } from "@aito/db";
import { sql } from "kysely";
import type { StoredEvent } from "./stored-event.ts";

export interface EventRow {
  id: string;
  event_type: string;
  source_name: string;
  target_name: string | null;
  body: string;
  payload: Record<string, unknown>;
  created_at: Date;
  seq: bigint | null;
  prev: string | null;
  hash: string | null;
}

/** Inserts the events of one transaction, unsealed. Names that are agents are linked to their rows. */
export async function insertEvents(tx: Tx, events: StoredEvent[]): Promise<void> {
  const column = <K extends keyof StoredEvent>(key: K): StoredEvent[K][] => events.map((event) => event[key]);
  await sql`insert into events (id, company_id, event_type, source_agent, target_agent, body, source_name, target_name, created_at)
    select e.id, ${tx.companyId}::uuid, e.type, s.id, t.id, e.body, e.source, e.target, ${tx.now}::timestamptz
    from unnest(${column("id")}::uuid[], ${column("type")}::text[], ${column("source")}::text[], ${column("target")}::text[],
        ${column("body")}::text[]) as e (id, type, source, target, body)
      left join agents s on s.name = e.source left join agents t on t.name = e.target`.execute(tx.queries);
}

export async function lockChain(tx: Tx): Promise<{ seq: bigint; hash: string } | null> {
  const found = await sql<{ seq: bigint; hash: string }>`select seq, hash from events where seq is not null
    order by seq desc limit 1`.execute(tx.queries);
  return found.rows[0] ?? null;
}

export async function unsealedEvents(tx: Tx, limit: number): Promise<{ id: string; body: string; created_at: Date }[]> {
  const found = await sql<{ id: string; body: string; created_at: Date }>`select id, body, created_at from events
    where seq is null order by created_at, id limit ${limit}`.execute(tx.queries);
  return found.rows;
}

/** Writes the seals of one batch. Fails on a second sealer: (company_id, seq) is unique. */
export async function writeSeals(tx: Tx, seals: { id: string; seq: bigint; prev: string; hash: string }[]): Promise<void> {
  const ids = seals.map((seal) => seal.id);
  const seqs = seals.map((seal) => seal.seq.toString());
  const prevs = seals.map((seal) => seal.prev);
  const hashes = seals.map((seal) => seal.hash);
  await sql`update events set seq = s.seq, prev = s.prev, hash = s.hash
    from unnest(${ids}::uuid[], ${seqs}::bigint[], ${prevs}::text[], ${hashes}::text[]) as s (id, seq, prev, hash)
    where events.id = s.id and events.seq is null`.execute(tx.queries);
}

export async function sealedAfter(
  tx: Tx,
  seq: bigint,
  limit: number,
): Promise<{ seq: bigint; prev: string; hash: string; body: string; id: string }[]> {
  const found = await sql<{ seq: bigint; prev: string; hash: string; body: string; id: string }>`select seq, prev, hash, body, id
    from events where seq > ${seq} order by seq limit ${limit}`.execute(tx.queries);
  return found.rows;
}

export async function selectEvents(
  tx: Tx,
  filter: { limit: number; afterId?: string | undefined; beforeId?: string | undefined; types?: string[] | undefined },
): Promise<EventRow[]> {
  const after = filter.afterId ? sql`and id > ${filter.afterId}` : sql``;
  const before = filter.beforeId ? sql`and id < ${filter.beforeId}` : sql``;
  const types = filter.types?.length ? sql`and event_type = any(${filter.types}::text[])` : sql``;
  const order = filter.afterId ? sql`order by id asc` : sql`order by id desc`;
  const found = await sql<EventRow>`select id, event_type, source_name, target_name, body, payload, created_at, seq, prev, hash
    from events where true ${after} ${before} ${types} ${order} limit ${filter.limit}`.execute(tx.queries);
  return found.rows;
}

/** Sealed events in chain order, after sequence number `seq`. */
export async function selectSealedAfter(tx: Tx, seq: bigint, limit: number): Promise<EventRow[]> {
  const found = await sql<EventRow>`select id, event_type, source_name, target_name, body, payload, created_at, seq, prev, hash
    from events where seq > ${seq} order by seq limit ${limit}`.execute(tx.queries);
  return found.rows;
}
