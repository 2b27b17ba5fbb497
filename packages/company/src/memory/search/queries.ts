import type { Tx } from "@aito/db";
import { type RawBuilder, sql } from "kysely";
import { type Meaning, vectorText } from "../meaning.ts";
import type { ActionType } from "../queries.ts";
import type { Days } from "./days-in.ts";

/** What may be found at all. It stands in SQL, in every list: what it keeps out never reaches the program. */
export interface MemoryFilter {
  /** Whose; undefined: any agent's. */
  agentIds?: readonly string[] | undefined;
  /** A client's memories and the company's own; null: the company's own only; undefined: all (an operator). */
  clientId?: string | null | undefined;
  sources?: readonly MemorySource[] | undefined;
  days?: Days | undefined;
  notIds?: readonly string[] | undefined;
}

export type MemorySource = "own" | "agent" | "outside";

export interface MemoryRow {
  id: string;
  agent: string;
  agent_id: string;
  action_type: ActionType;
  summary: string;
  source: MemorySource;
  source_ref: string | null;
  run_id: string | null;
  details: Record<string, unknown>;
  taint: string | null;
  created_at: Date;
}

const untilEndOf = (days: Days): RawBuilder<unknown> => sql`(${days.to}::date + 1)`;

function allowed(filter: MemoryFilter): RawBuilder<unknown> {
  const parts = [sql`h.quarantined_at is null`];
  if (filter.agentIds) parts.push(sql`h.agent_id = any(${[...filter.agentIds]}::uuid[])`);
  if (filter.clientId === null) parts.push(sql`h.client_id is null`);
  else if (filter.clientId !== undefined) parts.push(sql`(h.client_id is null or h.client_id = ${filter.clientId})`);
  if (filter.sources) parts.push(sql`h.source = any(${[...filter.sources]}::text[])`);
  if (filter.notIds && filter.notIds.length > 0) parts.push(sql`h.id <> all(${[...filter.notIds]}::uuid[])`);
  if (filter.days) {
    const { from } = filter.days;
    parts.push(sql`((h.created_at >= ${from}::date and h.created_at < ${untilEndOf(filter.days)})
      or h.days && (select array_agg(d::date) from generate_series(${from}::date, ${filter.days.to}::date, interval '1 day') d))`);
  }
  return sql.join(parts, sql` and `);
}

export interface Term {
  lexeme: string;
  /** In how many memories of the company it is; counted up to `dfMax`. */
  df: number;
}

const dfMax = 2_000;

const questionWordsMax = 60;

/** The words of a question as Postgres keeps them. */
export async function questionWords(tx: Tx, question: string): Promise<string[]> {
  const found = await sql<{
    lexeme: string;
  }>`select lexeme from unnest(to_tsvector('english', ${question})) limit ${questionWordsMax}`.execute(tx.queries);
  return found.rows.map(({ lexeme }) => lexeme);
}

export async function countWords(tx: Tx, words: readonly string[]): Promise<Map<string, number>> {
  if (words.length === 0) return new Map();
  const found = await sql<Term>`select lexeme, df from memory_word_counts(${[...words]}::text[], ${dfMax})`.execute(tx.queries);
  return new Map(found.rows.map(({ lexeme, df }) => [lexeme, df]));
}

export async function countMemories(tx: Tx): Promise<number> {
  const found = await sql<{ n: number }>`select count(*)::int as n from agent_history`.execute(tx.queries);
  return found.rows[0]!.n;
}

const candidatesMax = 1_500;
/** Of those that hold one of the rarer words, so many of the newest are ranked: words that more hold tell little. */
const holdersMax = 1_200;
const lexemesUsual = 14;

/** By words: Okapi BM25 over the text search column, for rows that hold one of the rarer words. Best first. */
export async function byWords(
  tx: Tx,
  input: { terms: readonly Term[]; total: number; filter: MemoryFilter; limit: number },
): Promise<{ id: string; score: number }[]> {
  const known = input.terms.filter(({ df }) => df > 0);
  if (known.length === 0) return [];
  let rows = 0;
  const rare = known.filter(({ df }, at) => (rows += df) <= candidatesMax || at === 0);
  const any = rare.map(({ lexeme }) => `'${lexeme.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`).join(" | ");
  const total = Math.max(input.total, 1);
  const words = known.map(({ lexeme }) => lexeme);
  const idf = known.map(({ df }) => Math.log(1 + (Math.max(total - df, 0) + 0.5) / (df + 0.5)));
  const found = await sql<{ id: string; score: number }>`select id, score from memory_by_words(${words}::text[], ${idf}::float8[],
      ${any}::tsquery, ${JSON.stringify(filterJson(input.filter))}::jsonb, ${holdersMax}, ${lexemesUsual}, ${input.limit})`.execute(
    tx.queries,
  );
  return found.rows;
}

/** The same filter as `allowed`, as memory_by_words takes it. */
const filterJson = ({ agentIds, clientId, sources, notIds, days }: MemoryFilter) => ({
  ...(agentIds ? { agents: agentIds } : {}),
  ...(clientId === undefined ? {} : { client: clientId }),
  ...(sources ? { sources } : {}),
  ...(notIds && notIds.length > 0 ? { not: notIds } : {}),
  ...(days ? { from: days.from, to: days.to } : {}),
});

/** How many the index keeps in view; tuned by `pnpm bench memory`. */
const efSearch = 100;

/** Up to so many rows are compared one by one; beyond, the index finds the nearest. */
export const exactRowsMax = 2_000;

/**
 * By meaning, nearest first. A filter that leaves few rows is answered exactly; otherwise the index is walked on until enough rows
 * pass the filter, and if that gave too little after all, exactly: a filter never silently returns less than there is.
 */
export async function byMeaning(
  tx: Tx,
  input: { meaning: Meaning; filter: MemoryFilter; limit: number; total?: number; exact?: boolean },
): Promise<{ id: string; score: number }[]> {
  const { meaning, limit } = input;
  const where = sql`h.embedding_model = ${sql.lit(meaning.model)} and ${allowed(input.filter)}`;
  const isOpen = !filtersMuch(input.filter) && (input.total ?? 0) > exactRowsMax * 2;
  const rows = isOpen ? Number.POSITIVE_INFINITY : await countUpTo(tx, where, exactRowsMax + 1);
  if (rows === 0) return [];
  if (rows > exactRowsMax && !input.exact) {
    await sql`select set_config('hnsw.iterative_scan', 'strict_order', true), set_config('hnsw.ef_search', ${String(efSearch)}, true),
      set_config('hnsw.max_scan_tuples', '20000', true)`.execute(tx.queries);
    const near = await nearest(tx, { meaning, where, limit });
    if (near.length >= Math.min(limit, exactRowsMax)) return near;
  }
  const distance = sql`(h.embedding <=> ${vectorText(meaning.vector)}::vector)`;
  const found = await sql<{ id: string; score: number }>`with few as materialized (select h.id, ${distance} as distance
      from agent_history h where ${where})
    select id, 1 - distance as score from few order by distance, id limit ${limit}`.execute(tx.queries);
  return found.rows;
}

const filtersMuch = ({ agentIds, clientId, sources, days }: MemoryFilter): boolean =>
  [agentIds, clientId, sources, days].some((each) => each !== undefined);

async function countUpTo(tx: Tx, where: RawBuilder<unknown>, max: number): Promise<number> {
  const found = await sql<{
    n: number;
  }>`select count(*)::int as n from (select 1 from agent_history h where ${where} limit ${max}) x`.execute(tx.queries);
  return found.rows[0]!.n;
}

/** By the index, whose vectors have half the precision; ranked again by the whole ones. */
async function nearest(
  tx: Tx,
  { meaning, where, limit }: { meaning: Meaning; where: RawBuilder<unknown>; limit: number },
): Promise<{ id: string; score: number }[]> {
  const dimensions = sql.lit(meaning.vector.length);
  const asked = vectorText(meaning.vector);
  const found = await sql<{ id: string; score: number }>`with near as materialized (select h.id, h.embedding from agent_history h
      where ${where} order by (h.embedding::halfvec(${dimensions})) <=> ${asked}::halfvec(${dimensions}) limit ${limit})
    select id, 1 - (embedding <=> ${asked}::vector) as score from near order by embedding <=> ${asked}::vector, id`.execute(
    tx.queries,
  );
  return found.rows;
}

/** The rows themselves, in no order. */
export async function selectMemories(tx: Tx, ids: readonly string[], filter: MemoryFilter): Promise<MemoryRow[]> {
  if (ids.length === 0) return [];
  const found =
    await sql<MemoryRow>`select h.id, a.name as agent, h.agent_id, h.action_type, h.summary, h.source, h.source_ref, h.run_id,
      h.details, coalesce(h.taint, case h.source when 'outside' then coalesce(h.source_ref, h.source) end) as taint, h.created_at
    from agent_history h join agents a on a.id = h.agent_id where h.id = any(${[...ids]}::uuid[]) and ${allowed(filter)}`.execute(
      tx.queries,
    );
  return found.rows;
}

/** What the same agent remembers right before and after each of these. */
export async function neighboursOf(
  tx: Tx,
  ids: readonly string[],
  { notIds: _shown, days: _days, ...open }: MemoryFilter,
): Promise<{ id: string; of: string }[]> {
  if (ids.length === 0) return [];
  const found = await sql<{ id: string; of: string }>`select n.id, o.id as of from agent_history o cross join lateral (
      (select h.id from agent_history h where h.agent_id = o.agent_id and (h.created_at, h.id) < (o.created_at, o.id) and ${allowed(open)}
        order by h.created_at desc, h.id desc limit 1)
      union all
      (select h.id from agent_history h where h.agent_id = o.agent_id and (h.created_at, h.id) > (o.created_at, o.id) and ${allowed(open)}
        order by h.created_at, h.id limit 1)) n
    where o.id = any(${[...ids]}::uuid[])`.execute(tx.queries);
  return found.rows;
}
