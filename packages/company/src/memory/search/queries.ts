import type { Tx } from "@aito/db";
import { type RawBuilder, sql } from "kysely";
import { type Meaning, vectorText } from "../meaning.ts";
import type { ActionType } from "../queries.ts";
import type { Days } from "./days-in.ts";
import type { Term } from "./pool/rarest-words.ts";

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

const within = ({
  from,
  to,
}: Days): RawBuilder<unknown> => sql`((h.created_at >= ${from}::date and h.created_at < ${to}::date + 1)
  or h.days && (select array_agg(d::date) from generate_series(${from}::date, ${to}::date, interval '1 day') d))`;

export function allowed(filter: MemoryFilter): RawBuilder<unknown> {
  const parts = [sql`h.quarantined_at is null`];
  if (filter.agentIds) parts.push(sql`h.agent_id = any(${[...filter.agentIds]}::uuid[])`);
  if (filter.clientId === null) parts.push(sql`h.client_id is null`);
  else if (filter.clientId !== undefined) parts.push(sql`(h.client_id is null or h.client_id = ${filter.clientId})`);
  if (filter.sources) parts.push(sql`h.source = any(${[...filter.sources]}::text[])`);
  if (filter.notIds && filter.notIds.length > 0) parts.push(sql`h.id <> all(${[...filter.notIds]}::uuid[])`);
  if (filter.days) parts.push(within(filter.days));
  return sql.join(parts, sql` and `);
}

/** A question as SQL takes it. */
export interface Ask {
  filter: MemoryFilter;
  meaning: Meaning | null;
  /** Those of its words that some memory holds, the rarest first, and how much each says. */
  words: readonly { lexeme: string; weight: number }[];
  /** The days that it names. */
  days: readonly Days[];
}

/** How well a memory fits a question. */
export interface Measures {
  /** Null: it has no vector of the question's model. */
  cosine: number | null;
  /** Okapi BM25. */
  bm25: number;
  /** It was written on the question's days, or speaks of them. */
  dated: boolean;
}

export const lexemesUsual = 14;

/** The columns of `Measures` for rows of `agent_history h`. */
export function measures({ meaning, words, days }: Ask): RawBuilder<unknown> {
  const cosine = meaning
    ? sql`case when h.embedding_model = ${meaning.model} then 1 - (h.embedding <=> ${vectorText(meaning.vector)}::vector) end`
    : sql`null::float8`;
  const bm25 = sql`coalesce((select sum(q.weight * n.tf * 2.2 / (n.tf + 1.2 * (0.25 + 0.75 * length(h.search) / ${lexemesUsual}::float8)))
    from unnest(h.search) w join unnest(${words.map(({ lexeme }) => lexeme)}::text[], ${words.map(({ weight }) => weight)}::float8[])
      as q(lexeme, weight) on q.lexeme = w.lexeme
    cross join lateral (select greatest(1, coalesce(array_length(w.positions, 1), 1))::float8 as tf) n), 0)`;
  const dated = days.length > 0 ? sql`coalesce(${sql.join(days.map(within), sql` or `)}, false)` : sql`false`;
  return sql`${cosine} as cosine, ${words.length > 0 ? bm25 : sql`0::float8`} as bm25, ${dated} as dated`;
}

/** Counted up to so many: what is commoner weighs nearly nothing. */
const dfMax = 20_000;

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

/** What stands right before or after `of`, measured like a list's entries. */
export type Neighbour = MemoryRow & Measures & { of: string };
type Shown = MemoryRow & { of: null } & Record<keyof Measures, null>;

/**
 * Of these, the ones that there are and that may be seen, which their lists measured already; with what stands right before and after
 * some of them (`besideOf`).
 */
export async function selectMemories(
  tx: Tx,
  { ids, besideOf, ask }: { ids: readonly string[]; besideOf: readonly string[]; ask: Ask },
): Promise<(Neighbour | Shown)[]> {
  if (ids.length === 0) return [];
  const { notIds: _shown, days: _days, ...open } = ask.filter;
  const side = (order: "before" | "after") => {
    const [compare, by] = order === "before" ? [sql`<`, sql`desc`] : [sql`>`, sql`asc`];
    return sql`(select h.id from agent_history h where h.agent_id = o.agent_id and (h.created_at, h.id) ${compare} (o.created_at, o.id)
        and h.created_at between o.created_at - interval '1 hour' and o.created_at + interval '1 hour' and ${allowed(open)} order by h.created_at ${by}, h.id ${by} limit 1)`;
  };
  const found = await sql<Neighbour | Shown>`with shown(id, of) as materialized (
      select unnest(${[...ids]}::uuid[]), null::uuid
      union all select n.id, o.id from agent_history o cross join lateral (${side("before")} union all ${side("after")}) n
        where o.id = any(${[...besideOf]}::uuid[]))
    select h.id, s.of, a.name as agent, h.agent_id, h.action_type, h.summary, h.source, h.source_ref, h.run_id, h.details,
      coalesce(h.taint, case h.source when 'outside' then coalesce(h.source_ref, h.source) end) as taint, h.created_at, m.*
    from shown s join agent_history h on h.id = s.id join agents a on a.id = h.agent_id
    left join lateral (select ${measures(ask)} where s.of is not null) m on true
    where ${allowed(ask.filter)}`.execute(tx.queries);
  return found.rows;
}
