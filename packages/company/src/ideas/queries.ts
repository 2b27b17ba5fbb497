import type { Tx } from "@aito/db";
import { sql } from "kysely";
import { type Meaning, vectorText } from "../memory/meaning.ts";
import type { ScoreParts } from "./score.ts";

export interface IdeaRow {
  id: string;
  agent_id: string;
  agent: string;
  title: string;
  text: string;
  kind: string | null;
  amount_micro_usd: bigint;
  status: "new" | "kept" | "merged" | "promoted" | "dropped";
  score: number | null;
  score_parts: ScoreParts | null;
  similarity: number | null;
  merged_into: string | null;
  mentions: number;
  decision_id: string | null;
  /** The model of its embedding; null: none, it was compared by words. */
  embedding_model: string | null;
  /** The text from outside that its run had read. */
  taint: string | null;
  created_at: Date;
}

const select = sql`select i.id, i.agent_id, a.name as agent, i.title, i.text, i.kind, i.amount_micro_usd, i.status, i.score, i.score_parts,
    i.similarity, i.merged_into, i.mentions, i.decision_id, i.embedding_model, i.taint, i.created_at from ideas i join agents a on a.id = i.agent_id`;

export async function insertIdea(
  tx: Tx,
  row: Omit<IdeaRow, "agent" | "mentions" | "decision_id" | "embedding_model" | "taint" | "created_at">,
  meaning: Meaning | null,
): Promise<void> {
  await sql`insert into ideas (id, company_id, agent_id, title, text, kind, amount_micro_usd, status, score, score_parts, similarity,
      merged_into, embedding, embedding_model, taint, created_at, updated_at)
    values (${row.id}, ${tx.companyId}, ${row.agent_id}, ${row.title}, ${row.text}, ${row.kind}, ${row.amount_micro_usd}, ${row.status},
      ${row.score}, ${row.score_parts === null ? null : JSON.stringify(row.score_parts)}::jsonb, ${row.similarity}, ${row.merged_into},
      ${meaning && vectorText(meaning.vector)}::vector, ${meaning?.model ?? null}, aito_taint(${row.agent_id}), ${tx.now}, ${tx.now})`.execute(
    tx.queries,
  );
}

/** Newest first. */
export async function selectIdeas(tx: Tx, filter: { before?: string | undefined; limit: number }): Promise<IdeaRow[]> {
  const before = filter.before ? sql`and i.id < ${filter.before}::uuid` : sql``;
  const found = await sql<IdeaRow>`${select} where true ${before} order by i.id desc limit ${filter.limit}`.execute(tx.queries);
  return found.rows;
}

/** What a new idea may repeat, newest first, with the cosine to its meaning where both have a vector of the same model. */
export async function ideasToCompare(
  tx: Tx,
  meaning: Meaning | null,
  limit: number,
): Promise<{ id: string; title: string; text: string; cosine: number | null }[]> {
  const cosine = meaning
    ? sql`case when embedding_model = ${meaning.model} then 1 - (embedding <=> ${vectorText(meaning.vector)}::vector) end`
    : sql`null::float8`;
  const found = await sql<{ id: string; title: string; text: string; cosine: number | null }>`select id, title, text,
      ${cosine} as cosine from ideas where status <> 'merged' order by id desc limit ${limit}`.execute(tx.queries);
  return found.rows;
}

export async function selectIdea(tx: Tx, id: string, lock = false): Promise<IdeaRow | null> {
  const found = await sql<IdeaRow>`${select} where i.id = ${id} ${lock ? sql`for update of i` : sql``}`.execute(tx.queries);
  return found.rows[0] ?? null;
}

export async function addMention(tx: Tx, id: string): Promise<void> {
  await sql`update ideas set mentions = mentions + 1, updated_at = ${tx.now} where id = ${id}`.execute(tx.queries);
}

export async function markPromoted(tx: Tx, id: string, decisionId: string): Promise<void> {
  await sql`update ideas set status = 'promoted', decision_id = ${decisionId}, updated_at = ${tx.now} where id = ${id}`.execute(
    tx.queries,
  );
}

/** What became of an agent's ideas that were decided. */
export async function decidedIdeas(tx: Tx, agentId: string): Promise<{ accepted: number; refused: number }> {
  const found = await sql<{
    accepted: number;
    refused: number;
  }>`select count(*) filter (where d.status = 'approved')::int as accepted,
      count(*) filter (where d.status in ('vetoed', 'overridden'))::int as refused
    from ideas i join decisions d on d.id = i.decision_id where i.agent_id = ${agentId}`.execute(tx.queries);
  return found.rows[0]!;
}

export interface AcceptanceRow {
  agent: string;
  kind: string | null;
  approved: number;
  vetoed: number;
  sent_back: number;
}

/** How humans answered what each agent proposed, by kind. */
export async function selectAcceptance(tx: Tx): Promise<AcceptanceRow[]> {
  const found =
    await sql<AcceptanceRow>`select a.name as agent, d.kind, count(*) filter (where e.answer = 'approve')::int as approved,
      count(*) filter (where e.answer = 'veto')::int as vetoed, count(*) filter (where e.answer = 'send_back')::int as sent_back
    from escalations e join decisions d on d.id = e.decision_id join agents a on a.id = d.proposed_by
    where e.status = 'answered' group by a.name, d.kind order by a.name, d.kind nulls first limit 500`.execute(tx.queries);
  return found.rows;
}

export interface HumanAnswerRow {
  title: string;
  answer: string;
  comment: string | null;
  answered_at: Date;
}

/** The newest human answers to what an agent proposed. */
export async function humanAnswersTo(tx: Tx, agentId: string, limit: number): Promise<HumanAnswerRow[]> {
  const found = await sql<HumanAnswerRow>`select d.title, e.answer, e.comment, e.answered_at from escalations e
    join decisions d on d.id = e.decision_id
    where d.proposed_by = ${agentId} and e.status = 'answered' order by e.answered_at desc, e.id desc limit ${limit}`.execute(
    tx.queries,
  );
  return found.rows;
}
