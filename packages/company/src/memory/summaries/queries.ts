import type { Tx } from "@aito/db";
import { sql } from "kysely";
import type { ActionType } from "../queries.ts";
import { type Meaning, vectorText } from "../meaning.ts";
import type { Period } from "./periods.ts";

/** A day, week or month of an agent (and client) that is over and has no summary yet. */
export interface DuePeriod {
  agent_id: string;
  agent: string;
  client_id: string | null;
  /** Any moment within it. */
  at: Date;
}

/**
 * What may stand in a summary: not what is set aside, and neither text from outside nor what a run wrote that had read some: a summary
 * would make it the agent's own words, and a run that is shown it would not know.
 */
const summed = sql`h.quarantined_at is null and h.source <> 'outside' and h.taint is null`;

/** The oldest day before `before` with memories and without its summary. `since` bounds how far back it looks. */
export async function dueDay(tx: Tx, { since, before }: { since: Date; before: Date }): Promise<DuePeriod | null> {
  const found = await sql<DuePeriod>`select d.agent_id, a.name as agent, d.client_id, d.at from (
      select h.agent_id, h.client_id, date_trunc('day', h.created_at, 'UTC') as at from agent_history h
      where h.created_at >= ${since} and h.created_at < ${before} and ${summed}
      group by 1, 2, 3) d join agents a on a.id = d.agent_id
    where not exists (select 1 from history_summaries s where s.agent_id = d.agent_id and s.period = 'day' and s.starts_at = d.at
      and s.client_id is not distinct from d.client_id)
    order by d.at, d.agent_id, d.client_id nulls first limit 1`.execute(tx.queries);
  return found.rows[0] ?? null;
}

/** The oldest week or month that ended by `before`, has summaries of days, and none of its own. Asked when no day is due. */
export async function dueLonger(
  tx: Tx,
  { period, before }: { period: "week" | "month"; before: Date },
): Promise<DuePeriod | null> {
  const found = await sql<DuePeriod>`select d.agent_id, a.name as agent, d.client_id, d.at from (
      select s.agent_id, s.client_id, date_trunc(${sql.lit(period)}, s.starts_at, 'UTC') as at from history_summaries s
      where s.period = 'day' group by 1, 2, 3) d join agents a on a.id = d.agent_id
    where d.at + ${sql.lit(period === "week" ? "1 week" : "1 month")}::interval <= ${before}
      and not exists (select 1 from history_summaries s where s.agent_id = d.agent_id and s.period = ${period} and s.starts_at = d.at
        and s.client_id is not distinct from d.client_id)
    order by d.at, d.agent_id, d.client_id nulls first limit 1`.execute(tx.queries);
  return found.rows[0] ?? null;
}

export interface PartRow {
  id: string;
  text: string;
  source: "own" | "agent";
  action_type: ActionType | null;
  entries: number;
  created_at: Date;
}

interface Within {
  due: DuePeriod;
  start: Date;
  end: Date;
}

export async function entriesWithin(tx: Tx, { due, start, end }: Within, limit: number): Promise<PartRow[]> {
  const found =
    await sql<PartRow>`select h.id, h.summary as text, h.source, h.action_type, 1 as entries, h.created_at from agent_history h
    where h.agent_id = ${due.agent_id} and h.client_id is not distinct from ${due.client_id} and ${summed}
      and h.created_at >= ${start} and h.created_at < ${end} order by h.created_at, h.id limit ${limit}`.execute(tx.queries);
  return found.rows;
}

export async function daysWithin(tx: Tx, { due, start, end }: Within): Promise<PartRow[]> {
  const found =
    await sql<PartRow>`select s.id, to_char(s.starts_at at time zone 'UTC', 'YYYY-MM-DD') || ': ' || s.summary as text, s.source,
      null as action_type, s.entries, s.created_at from history_summaries s
    where s.agent_id = ${due.agent_id} and s.client_id is not distinct from ${due.client_id} and s.period = 'day'
      and s.starts_at >= ${start} and s.starts_at < ${end} order by s.starts_at`.execute(tx.queries);
  return found.rows;
}

/**
 * Stores it if its parts are still what they were when it was written, and nobody else was first; says whether it did. The parts are
 * held meanwhile: who sets one aside waits, and finds the summary.
 */
export async function insertSummary(
  tx: Tx,
  row: {
    id: string;
    due: DuePeriod;
    period: Period;
    start: Date;
    end: Date;
    text: string;
    parts: readonly string[];
    entries: number;
    source: "own" | "agent";
    model: string | null;
  },
): Promise<boolean> {
  const ids = [...row.parts];
  const held =
    row.period === "day"
      ? await sql`select h.id from agent_history h where h.id = any(${ids}::uuid[]) and ${summed} order by h.id for share`.execute(
          tx.queries,
        )
      : await sql`select s.id from history_summaries s where s.id = any(${ids}::uuid[]) order by s.id for share`.execute(
          tx.queries,
        );
  if (held.rows.length !== ids.length) return false;
  const made =
    await sql`insert into history_summaries (id, company_id, agent_id, client_id, period, starts_at, ends_at, summary, parts, entries,
      source, model, created_at)
    values (${row.id}, ${tx.companyId}, ${row.due.agent_id}, ${row.due.client_id}, ${row.period}, ${row.start}, ${row.end}, ${row.text},
      ${ids}::uuid[], ${row.entries}, ${row.source}, ${row.model}, ${tx.now})
    on conflict do nothing returning id`.execute(tx.queries);
  return made.rows.length > 0;
}

export interface SummaryRow {
  id: string;
  agent: string;
  period: Period;
  starts_at: Date;
  ends_at: Date;
  summary: string;
  source: "own" | "agent";
  model: string | null;
  entries: number;
  parts: string[];
}

const columns = sql`s.id, a.name as agent, s.period, s.starts_at, s.ends_at, s.summary, s.source, s.model, s.entries, s.parts`;

/** Of one agent: its client's and the company's own, never another client's. */
const ofAgent = (agentId: string, clientId: string | null) =>
  sql`s.agent_id = ${agentId} and (s.client_id is null or s.client_id is not distinct from ${clientId})`;

/**
 * What lies before `before`, coarser the older it is: the last days, before them the last weeks, before those the last months. Newest
 * first.
 */
export async function ladderOf(
  tx: Tx,
  { agentId, clientId, before }: { agentId: string; clientId: string | null; before: Date },
  counts: Record<Period, number>,
): Promise<SummaryRow[]> {
  const all: SummaryRow[] = [];
  let until = before;
  for (const period of ["day", "week", "month"] as const) {
    const found = await sql<SummaryRow>`select ${columns} from history_summaries s join agents a on a.id = s.agent_id
      where ${ofAgent(agentId, clientId)} and s.period = ${period} and s.starts_at < ${until}
        ${period === "day" ? sql`` : sql`and s.ends_at <= ${until}`}
      order by s.starts_at desc limit ${counts[period]}`.execute(tx.queries);
    all.push(...found.rows);
    until = found.rows.at(-1)?.starts_at ?? until;
  }
  return all;
}

/** Those that speak of the question, by meaning and by words; few enough to be compared one by one. */
export async function summariesAbout(
  tx: Tx,
  input: { agentId: string; clientId: string | null; text: string; meaning: Meaning | null; limit: number },
): Promise<SummaryRow[]> {
  const { meaning } = input;
  const near = meaning
    ? sql`case when s.embedding_model = ${meaning.model} then 1 - (s.embedding <=> ${vectorText(meaning.vector)}::vector) else 0 end`
    : sql`0`;
  const found =
    await sql<SummaryRow>`with q as (select coalesce(string_agg(quote_literal(lexeme), ' | '), '')::tsquery as any_word
      from unnest(to_tsvector('english', ${input.text})))
    select * from (select ${columns}, ${near} + 0.5 * least(1, ts_rank(s.search, q.any_word) * 4) as fits
      from history_summaries s join agents a on a.id = s.agent_id cross join q
      where ${ofAgent(input.agentId, input.clientId)} order by s.starts_at desc limit ${comparedMax}) x
    where fits > ${fitsMin} order by fits desc limit ${input.limit}`.execute(tx.queries);
  return found.rows;
}

const comparedMax = 2_000;
const fitsMin = 0.2;

/** Of these agents (none named: all), those that lie in these days and reach over more than one. */
export async function summariesOf(
  tx: Tx,
  input: { agentIds: readonly string[]; from: string; to: string; limit: number },
): Promise<SummaryRow[]> {
  const who = input.agentIds.length > 0 ? sql`and s.agent_id = any(${[...input.agentIds]}::uuid[])` : sql``;
  const found = await sql<SummaryRow>`select ${columns} from history_summaries s join agents a on a.id = s.agent_id
    where s.starts_at >= ${input.from}::date and s.ends_at <= ${input.to}::date + 1 ${who}
    order by s.ends_at - s.starts_at desc, s.starts_at desc, s.id limit ${input.limit}`.execute(tx.queries);
  return found.rows;
}

export async function unembeddedSummaries(tx: Tx, model: string, limit: number): Promise<{ id: string; summary: string }[]> {
  const found = await sql<{ id: string; summary: string }>`select id, summary from history_summaries
    where embedding_model is distinct from ${model} and (embed_after is null or embed_after <= ${tx.now}) order by id limit ${limit}`.execute(
    tx.queries,
  );
  return found.rows;
}

export async function storeSummaryEmbeddings(
  tx: Tx,
  model: string,
  rows: readonly { id: string; vector: string }[],
): Promise<void> {
  await sql`update history_summaries s set embedding = v.vector::vector, embedding_model = ${model}, embed_after = null
    from unnest(${rows.map(({ id }) => id)}::uuid[], ${rows.map(({ vector }) => vector)}::text[]) v(id, vector) where s.id = v.id`.execute(
    tx.queries,
  );
}

export async function postponeSummary(tx: Tx, id: string, until: Date): Promise<void> {
  await sql`update history_summaries set embed_after = ${until} where id = ${id}`.execute(tx.queries);
}
