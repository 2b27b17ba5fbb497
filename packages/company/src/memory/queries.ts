import type { Tx } from "@aito/db";
import { sql } from "kysely";
import type { Writer } from "../company.ts";

export type ActionType = "decision" | "task" | "communication" | "error";

export interface HistoryRow {
  id: string;
  action_type: ActionType;
  summary: string;
  details: Record<string, unknown>;
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
  },
): void {
  tx.write(sql`insert into agent_history (id, company_id, agent_id, action_type, summary, details, run_id, created_at)
    values (${entry.id}, ${tx.companyId}, ${entry.agentId}, ${entry.type}, ${entry.summary}, ${JSON.stringify(entry.details)}::jsonb,
      ${entry.runId}, ${tx.now})`);
}

/** The agent's last actions, newest first. */
export async function recentHistory(tx: Tx, agentId: string, limit: number): Promise<HistoryRow[]> {
  const found = await sql<HistoryRow>`select id, action_type, summary, details, created_at from agent_history
    where agent_id = ${agentId} order by created_at desc, id desc limit ${limit}`.execute(tx.queries);
  return found.rows;
}

/** Older actions that share words with `text`, best first; `notIn` are the ids already shown. */
export async function historyHits(
  tx: Tx,
  agentId: string,
  words: string[],
  notIn: string[],
  limit: number,
): Promise<HistoryRow[]> {
  if (words.length === 0) return [];
  const query = words.join(" | ");
  const found = await sql<HistoryRow>`select id, action_type, summary, details, created_at from agent_history
    where agent_id = ${agentId} and search @@ to_tsquery('simple', ${query}) and id <> all(${notIn}::uuid[])
    order by ts_rank(search, to_tsquery('simple', ${query})) desc, created_at desc limit ${limit}`.execute(tx.queries);
  return found.rows;
}

export async function readState(tx: Tx, agentId: string): Promise<Record<string, unknown>> {
  const found = await sql<{ state_key: string; state_value: unknown }>`select state_key, state_value from agent_state
    where agent_id = ${agentId} order by state_key`.execute(tx.queries);
  return Object.fromEntries(found.rows.map((row) => [row.state_key, row.state_value]));
}

export async function upsertState(tx: Tx, input: { id: string; agentId: string; key: string; value: unknown }): Promise<number> {
  const found = await sql<{
    version: number;
  }>`insert into agent_state as s (id, company_id, agent_id, state_key, state_value, created_at, updated_at)
    values (${input.id}, ${tx.companyId}, ${input.agentId}, ${input.key}, ${JSON.stringify(input.value)}::jsonb, ${tx.now}, ${tx.now})
    on conflict (agent_id, state_key) do update set state_value = excluded.state_value, version = s.version + 1,
      updated_at = excluded.updated_at returning version`.execute(tx.queries);
  return found.rows[0]!.version;
}
