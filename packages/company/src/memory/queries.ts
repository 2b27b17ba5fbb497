import type { Tx } from "@aito/db";
import { sql } from "kysely";
import type { Writer } from "../company.ts";

export type ActionType = "decision" | "task" | "communication" | "error";

export interface HistoryRow {
  id: string;
  action_type: ActionType;
  summary: string;
  details: Record<string, unknown>;
  /** The text from outside that it is, or that its run had read. */
  taint: string | null;
  source: "own" | "agent" | "outside";
  source_ref: string | null;
  created_at: Date;
}

export function insertHistory(
  tx: Writer,
  entry: {
    id: string;
    agentId: string;
    type: ActionType;
    summary: string;
    details: Record<string, unknown>;
    runId: string | null;
    source: "own" | "agent" | "outside";
    sourceRef: string | null;
    days: string[];
  },
): void {
  // The words of a decision are its proposer's and its voters'.
  const { decision = null } = entry.details as { decision?: string };
  tx.write(sql`insert into agent_history (id, company_id, agent_id, action_type, summary, details, run_id, source, source_ref, days, taint, client_id,
      created_at)
    values (${entry.id}, ${tx.companyId}, ${entry.agentId}, ${entry.type}, ${entry.summary}, ${JSON.stringify(entry.details)}::jsonb,
      ${entry.runId}, ${entry.source}, ${entry.sourceRef}, ${entry.days}::date[],
      coalesce(${entry.source === "outside" ? (entry.sourceRef ?? "outside") : null}, aito_taint(${entry.agentId}),
        (select taint from decisions where id = ${decision}::uuid)), (select client_id from agents where id = ${entry.agentId}),
      ${tx.now})`);
}

/** The agent's last actions, newest first. */
export async function recentHistory(tx: Tx, agentId: string, limit: number): Promise<HistoryRow[]> {
  const found = await sql<HistoryRow>`select id, action_type, summary, details, source, source_ref,
      coalesce(taint, case source when 'outside' then coalesce(source_ref, source) end) as taint, created_at from agent_history
    where agent_id = ${agentId} and quarantined_at is null
    order by created_at desc, id desc limit ${limit}`.execute(tx.queries);
  return found.rows;
}

export interface StateRow {
  key: string;
  value: unknown;
  version: number;
  taint: string | null;
}

export async function readState(tx: Tx, agentId: string): Promise<StateRow[]> {
  const found = await sql<StateRow>`select state_key as key, state_value as value, version, taint from agent_state
    where agent_id = ${agentId} order by state_key`.execute(tx.queries);
  return found.rows;
}

/** One key, locked; `readable`: this incarnation wrote it itself, or was shown it with the context of one of its runs. */
export async function lockState(
  tx: Tx,
  input: { agentId: string; key: string; epoch: number },
): Promise<{ version: number; readable: boolean } | null> {
  const found = await sql<{ version: number; readable: boolean }>`select s.version,
      s.updated_at >= coalesce((select hello_at from sessions where agent_id = s.agent_id and epoch = ${input.epoch}), s.updated_at)
      or exists (select 1 from runs where agent_id = s.agent_id and epoch = ${input.epoch}) as readable
    from agent_state s where s.agent_id = ${input.agentId} and s.state_key = ${input.key} for update of s`.execute(tx.queries);
  return found.rows[0] ?? null;
}

export async function upsertState(tx: Tx, input: { id: string; agentId: string; key: string; value: unknown }): Promise<number> {
  const found = await sql<{
    version: number;
  }>`insert into agent_state as s (id, company_id, agent_id, state_key, state_value, taint, created_at, updated_at)
    values (${input.id}, ${tx.companyId}, ${input.agentId}, ${input.key}, ${JSON.stringify(input.value)}::jsonb, aito_taint(${input.agentId}),
      ${tx.now}, ${tx.now})
    on conflict (agent_id, state_key) do update set state_value = excluded.state_value, version = s.version + 1, taint = excluded.taint,
      updated_at = excluded.updated_at returning version`.execute(tx.queries);
  return found.rows[0]!.version;
}

/** Memories that the embedder has not seen yet, or that another model has: the oldest first. */
export async function unembedded(tx: Tx, model: string, limit: number): Promise<{ id: string; summary: string }[]> {
  const notPutOff = sql`(embed_after is null or embed_after <= ${tx.now})`;
  const found = await sql<{ id: string; summary: string }>`(select id, summary from agent_history
      where embedding_model is null and quarantined_at is null and ${notPutOff} order by id limit ${limit})
    union all (select id, summary from agent_history where embedding_model < ${model} and quarantined_at is null and ${notPutOff}
      order by id limit ${limit})
    union all (select id, summary from agent_history where embedding_model > ${model} and quarantined_at is null and ${notPutOff}
      order by id limit ${limit})
    limit ${limit}`.execute(tx.queries);
  return found.rows;
}

export async function storeEmbeddings(tx: Tx, model: string, rows: readonly { id: string; vector: string }[]): Promise<void> {
  await sql`update agent_history h set embedding = v.vector::vector, embedding_model = ${model}, embed_after = null
    from unnest(${rows.map(({ id }) => id)}::uuid[], ${rows.map(({ vector }) => vector)}::text[]) v(id, vector)
    where h.id = v.id and h.quarantined_at is null`.execute(tx.queries);
}

/** Tried again later: the embedder takes its neighbours but not this one. */
export async function postponeEmbedding(tx: Tx, id: string, until: Date): Promise<void> {
  await sql`update agent_history set embed_after = ${until} where id = ${id}`.execute(tx.queries);
}

export async function ensureIndex(tx: Tx, model: string, dimensions: number): Promise<void> {
  await sql`select memory_index(${model}, ${dimensions})`.execute(tx.queries);
}

export interface ModelCount {
  model: string | null;
  n: number;
  /** Of them: texts that their embedder refused, tried again later. */
  put_off: number;
}

export async function countByModel(tx: Tx, table: "agent_history" | "history_summaries"): Promise<ModelCount[]> {
  const open = table === "agent_history" ? sql`where quarantined_at is null` : sql``;
  const found = await sql<ModelCount>`select embedding_model as model, count(*)::int as n,
      (count(*) filter (where embed_after > ${tx.now}))::int as put_off
    from ${sql.table(table)} ${open} group by embedding_model order by n desc`.execute(tx.queries);
  return found.rows;
}

/** Which memories an operator means: all of a run, all from one source, all of a client. */
export type MemorySelector = { runId: string } | { sourceRef: string } | { clientId: string };

const selected = (selector: MemorySelector) => {
  if ("runId" in selector) return sql`run_id = ${selector.runId}`;
  return "sourceRef" in selector ? sql`source_ref = ${selector.sourceRef}` : sql`client_id = ${selector.clientId}`;
};

/** Found by nobody from here on; the vectors go at once. */
export async function quarantineRows(tx: Tx, selector: MemorySelector, reason: string): Promise<string[]> {
  const found = await sql<{
    id: string;
  }>`update agent_history set quarantined_at = ${tx.now}, quarantine_reason = ${reason}, embedding = null,
      embedding_model = null where ${selected(selector)} and quarantined_at is null returning id`.execute(tx.queries);
  return found.rows.map(({ id }) => id);
}

export async function deleteRows(tx: Tx, selector: MemorySelector): Promise<string[]> {
  const found = await sql<{ id: string }>`delete from agent_history where ${selected(selector)} returning id`.execute(tx.queries);
  return found.rows.map(({ id }) => id);
}

/**
 * Summaries that speak of any of these go, and what was made of those; they are written anew without them. One that was being stored
 * meanwhile held its parts, so that the next look sees it: asked until there is none.
 */
export async function dropSummariesOf(tx: Tx, ids: readonly string[]): Promise<number> {
  let dropped = 0;
  for (let gone = [...ids]; gone.length > 0;) {
    const found = await sql<{ id: string }>`delete from history_summaries where parts && ${gone}::uuid[] returning id`.execute(
      tx.queries,
    );
    gone = found.rows.map(({ id }) => id);
    dropped += gone.length;
  }
  return dropped;
}

/** What a run heard, said and got wrong, from the records: messages it acknowledged and sent, tool calls that were refused. */
export async function heardSaidRefused(
  tx: Tx,
  run: { id: string; agentId: string; startedAt: Date; acknowledged: readonly string[] },
  limit: number,
): Promise<{ kind: "heard" | "said" | "refused"; id: string; who: string; text: string }[]> {
  const written = sql`type in ('direct', 'broadcast', 'alert')`;
  const text = sql`coalesce(payload->>'text', payload->>'title', '')`;
  const found = await sql<{ kind: "heard" | "said" | "refused"; id: string; who: string; text: string }>`
    (select 'heard' as kind, id, from_name as who, ${text} as text from messages where id = any(${[...run.acknowledged]}::uuid[]) and ${written}
      and from_agent is distinct from ${run.agentId} order by id limit ${limit})
    union all (select 'said', id, to_name, ${text} from messages where from_agent = ${run.agentId} and created_at >= ${run.startedAt}
      and ${written} order by id limit ${limit})
    union all (select 'refused', id, tool, coalesce(result->>'code', '') || ' ' || coalesce(result->>'message', '') from receipts
      where run_id = ${run.id} and not ok order by id limit ${limit})`.execute(tx.queries);
  return found.rows;
}
