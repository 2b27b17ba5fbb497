import type { Tx } from "@aito/db";
import { type RawBuilder, sql } from "kysely";
import { vectorText } from "../../meaning.ts";
import { allowed, type Ask, lexemesUsual, type Measures, type MemoryFilter, measures } from "../queries.ts";
import { quoted } from "./rarest-words.ts";

/** One memory that a list found. */
export interface PoolRow extends Measures {
  id: string;
  /** Which lists have it. */
  near: boolean;
  worded: boolean;
}

/** How many the index keeps in view; tuned by `pnpm bench memory`. */
const efSearch = 70;
const scannedMax = 20_000;

/** Up to so many rows are compared one by one; beyond, the index finds the nearest. */
export const exactRowsMax = 2_000;

/** Of those that hold the words, so many of the newest are ranked. */
const holdersMax = 800;

/** How many rows pass a filter, counted up to one more than are compared one by one. */
export async function countAllowed(tx: Tx, filter: MemoryFilter): Promise<number> {
  const found = await sql<{ n: number }>`select count(*)::int as n from (
      select 1 from agent_history h where ${allowed(filter)} limit ${exactRowsMax + 1}) x`.execute(tx.queries);
  return found.rows[0]!.n;
}

/** How the index is walked, for the rest of the transaction: on and on until enough rows pass the filter. What it finds is ranked anew. */
export async function walkIndex(tx: Tx): Promise<void> {
  await sql`select set_config('hnsw.iterative_scan', 'relaxed_order', true), set_config('hnsw.ef_search', ${String(efSearch)}, true),
    set_config('hnsw.max_scan_tuples', ${String(scannedMax)}, true)`.execute(tx.queries);
}

/** Where a list is taken from: its filter, and whether that leaves few rows. */
export interface Field {
  filter: MemoryFilter;
  isNarrow: boolean;
  limit: number;
}

/** The nearest by meaning: of few rows all are compared; of many, by the index, whose vectors have half the precision. */
function nearest({ meaning }: Ask, { filter, isNarrow, limit }: Field): RawBuilder<unknown> {
  const { model, vector } = meaning!;
  const where = sql`h.embedding_model = ${sql.lit(model)} and ${allowed(filter)}`;
  const asked = vectorText(vector);
  const dimensions = sql.lit(vector.length);
  return isNarrow
    ? sql`(with few as materialized (select h.id, h.embedding <=> ${asked}::vector as distance from agent_history h where ${where})
        select id from few order by distance, id limit ${limit})`
    : sql`(select h.id from agent_history h where ${where}
        order by (h.embedding::halfvec(${dimensions})) <=> ${asked}::halfvec(${dimensions}) limit ${limit})`;
}

/** Those that hold the words of `any`, the best roughly first: of few rows all, of many by the index, in a function that may use it. */
function wordsOf({ words }: Ask, { filter, isNarrow, limit }: Field, any: string): RawBuilder<unknown> {
  if (isNarrow) {
    const rough = sql.join(
      words.map(({ lexeme, weight }) => sql`case when h.search @@ ${quoted(lexeme)}::tsquery then ${weight}::float8 else 0 end`),
      sql` + `,
    );
    return sql`(select h.id from agent_history h where ${allowed(filter)} and h.search @@ ${any}::tsquery
      order by ${rough} desc, h.created_at desc limit ${limit * 2})`;
  }
  return sql`(select id from memory_by_words(${words.map(({ lexeme }) => lexeme)}::text[], ${words.map(({ weight }) => weight)}::float8[],
    ${any}::tsquery, ${JSON.stringify(filterJson(filter))}::jsonb, ${holdersMax}, ${lexemesUsual}, ${limit}))`;
}

/** The same filter as `allowed`, as memory_by_words takes it. */
const filterJson = ({ agentIds, clientId, sources, notIds, days }: MemoryFilter) => ({
  ...(agentIds ? { agents: agentIds } : {}),
  ...(clientId === undefined ? {} : { client: clientId }),
  ...(sources ? { sources } : {}),
  ...(notIds && notIds.length > 0 ? { not: notIds } : {}),
  ...(days ? { from: days.from, to: days.to } : {}),
});

/**
 * In one statement: what is nearest in each of `near`, what holds the words of `any` in each of `worded`, and of each such memory how
 * well it fits by every measure, whichever list found it.
 */
export async function poolOf(
  tx: Tx,
  ask: Ask,
  { near, worded }: { near: readonly Field[]; worded: readonly (Field & { any: string })[] },
): Promise<PoolRow[]> {
  const lists = [
    ...near.map((field) => ({ isNear: true, rows: nearest(ask, field) })),
    ...worded.map((field) => ({ isNear: false, rows: wordsOf(ask, field, field.any) })),
  ];
  if (lists.length === 0) return [];
  const all = sql.join(
    lists.map(({ isNear, rows }) => sql`select l.id, ${sql.lit(isNear)} as near from ${rows} l`),
    sql` union all `,
  );
  const found = await sql<PoolRow>`with lists as materialized (${all}),
      pool as materialized (select id, bool_or(near) as near, bool_or(not near) as worded from lists group by id)
    select h.id, p.near, p.worded, ${measures(ask)} from pool p join agent_history h on h.id = p.id where ${allowed(ask.filter)}
    order by h.created_at desc, h.id desc`.execute(tx.queries);
  return found.rows;
}
