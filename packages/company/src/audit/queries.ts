import type { Tx } from "@aito/db";
import { type RawBuilder, sql } from "kysely";
import type { Writer } from "../company.ts";
import { type EventCut, idsOf } from "./event-cut.ts";
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
export function insertEvents(tx: Writer, events: StoredEvent[]): void {
  const column = <K extends keyof StoredEvent>(key: K): StoredEvent[K][] => events.map((event) => event[key]);
  tx.write(sql`insert into events (id, company_id, event_type, source_agent, target_agent, body, source_name, target_name, created_at)
    select e.id, ${tx.companyId}::uuid, e.type, s.id, t.id, e.body, e.source, e.target, ${tx.now}::timestamptz
    from unnest(${column("id")}::uuid[], ${column("type")}::text[], ${column("source")}::text[], ${column("target")}::text[],
        ${column("body")}::text[]) as e (id, type, source, target, body)
      left join agents s on s.name = e.source left join agents t on t.name = e.target`);
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

/** A sealed event with all that stands beside its text, so that the columns can be held against it. */
export interface SealedRow {
  seq: bigint;
  prev: string | null;
  hash: string | null;
  body: string;
  id: string;
  event_type: string;
  source_name: string;
  target_name: string | null;
  created_at: Date;
  /** The name of the agent that the row points at; null: it points at none. */
  source_agent: string | null;
  target_agent: string | null;
}

const sealedColumns = sql`select e.seq, e.prev, e.hash, e.body, e.id, e.event_type, e.source_name, e.target_name, e.created_at,
    s.name as source_agent, t.name as target_agent
  from events e left join agents s on s.id = e.source_agent left join agents t on t.id = e.target_agent`;

/** All rows whose place lies in the range, whole as it may be or not: a place taken twice gives two rows. */
export async function sealedBetween(tx: Tx, from: bigint, to: bigint): Promise<SealedRow[]> {
  const found = await sql<SealedRow>`${sealedColumns} where e.seq between ${from} and ${to} order by e.seq, e.id`.execute(
    tx.queries,
  );
  return found.rows;
}

/** How many rows are sealed, the newest place and the hash that stands there; in one statement, so that they belong together. */
export async function chainSummary(tx: Tx): Promise<{ rows: bigint; newest: bigint; head: string | null }> {
  const found = await sql<{ rows: bigint; newest: bigint; head: string | null }>`select count(*) as rows,
      coalesce(max(seq), 0) as newest, (select hash from events where seq is not null order by seq desc limit 1) as head
    from events where seq is not null`.execute(tx.queries);
  return found.rows[0]!;
}

export async function sealAt(tx: Tx, seq: bigint): Promise<string | null> {
  const found = await sql<{ hash: string | null }>`select hash from events where seq = ${seq}`.execute(tx.queries);
  return found.rows[0]?.hash ?? null;
}

/** The texts of events by their places, and of what has no place yet or one after `newest`. */
export async function decisionBodies(
  tx: Tx,
  input: { seqs: bigint[]; newest: bigint; types: string[]; decisions: string[] },
): Promise<string[]> {
  const seqs = input.seqs.map(String);
  const found = await sql<{ body: string }>`select body from events where seq = any(${seqs}::bigint[])
    union all select body from events where (seq is null or seq > ${input.newest}) and event_type = any(${input.types}::text[])
      and payload->>'decision' = any(${input.decisions}::text[])`.execute(tx.queries);
  return found.rows.map((row) => row.body);
}

/** Ids of decisions after an id, in order. */
export async function decisionIdsAfter(tx: Tx, after: string | null, limit: number): Promise<string[]> {
  const from = after === null ? sql`true` : sql`id > ${after}::uuid`;
  const found = await sql<{ id: string }>`select id from decisions where ${from} order by id limit ${limit}`.execute(tx.queries);
  return found.rows.map((row) => row.id);
}

export interface TallyRow {
  id: string;
  title: string;
  status: string;
  decision_type: string;
  veto_round: number;
  phase: string | null;
  deadline_at: Date | null;
  ceo_vote: string | null;
  dao_vote: string | null;
  c_level_votes: Record<string, unknown>;
  outcome_reason: string | null;
  human_decision: string | null;
  human_comment: string | null;
  machine: Record<string, unknown>;
}

/** Holds the rows until the transaction ends, so that they, their votes and their events belong together. */
export async function holdTallies(tx: Tx, ids: string[]): Promise<TallyRow[]> {
  const found = await sql<TallyRow>`select id, title, status, decision_type, veto_round, phase, deadline_at, ceo_vote, dao_vote,
      c_level_votes, outcome_reason, human_decision, human_comment, machine
    from decisions where id = any(${ids}::uuid[]) order by id for share`.execute(tx.queries);
  return found.rows;
}

export interface VoteRow {
  decision_id: string;
  round: number;
  phase: string;
  voter: string;
  vote: string;
  reason: string;
  cast_at: Date;
}

export async function votesOf(tx: Tx, ids: string[]): Promise<VoteRow[]> {
  const found = await sql<VoteRow>`select decision_id, round, phase, voter, vote, reason, cast_at from votes
    where decision_id = any(${ids}::uuid[])`.execute(tx.queries);
  return found.rows;
}

export async function selectEvents(
  tx: Tx,
  filter: { limit: number; afterId?: string | undefined; beforeId?: string | undefined } & EventCut,
): Promise<EventRow[]> {
  const after = filter.afterId ? sql`and id > ${filter.afterId}` : sql``;
  const before = filter.beforeId ? sql`and id < ${filter.beforeId}` : sql``;
  const { least, beyond } = idsOf(filter);
  const by = filter.by === undefined ? sql`` : sql`and source_name = ${filter.by}`;
  const since = least ? sql`and id >= ${least} and created_at >= ${filter.since}` : sql``;
  const until = beyond ? sql`and id < ${beyond} and created_at < ${filter.until}` : sql``;
  const order = filter.afterId ? sql`order by id asc` : sql`order by id desc`;
  const of = (type: RawBuilder<unknown>): RawBuilder<unknown> => sql`select ${eventColumns} from events
    where true ${type} ${by} ${since} ${until} ${after} ${before} ${order} limit ${filter.limit}`;
  // Each type by itself, and named to the planner: so a rare one is found by its index, and not looked for among all events.
  const arms = [...new Set(filter.types)].map((type) => sql`(${of(sql`and event_type = ${type}`)})`);
  const found = await sql<EventRow>`${arms.length === 0 ? of(sql``) : joined(arms, order, filter.limit)}`.execute(tx.queries);
  return found.rows;
}

const joined = (arms: RawBuilder<unknown>[], order: RawBuilder<unknown>, limit: number): RawBuilder<unknown> =>
  arms.length === 1 ? arms[0]! : sql`select e.* from (${sql.join(arms, sql` union all `)}) e ${order} limit ${limit}`;

const eventColumns = sql`id, event_type, source_name, target_name, body, payload, created_at, seq, prev, hash`;

/** Sealed events in chain order, after sequence number `seq`. */
export async function selectSealedAfter(tx: Tx, seq: bigint, limit: number): Promise<EventRow[]> {
  const found = await sql<EventRow>`select id, event_type, source_name, target_name, body, payload, created_at, seq, prev, hash
    from events where seq > ${seq} order by seq limit ${limit}`.execute(tx.queries);
  return found.rows;
}
