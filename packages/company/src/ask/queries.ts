import type { Tx } from "@aito/db";
import { sql } from "kysely";
import type { Days } from "../memory/search/days-in.ts";

export interface AskedRow {
  id: string;
  at: Date;
  who: string;
  text: string;
}

/** What agents were recorded to do on those days, newest first; without agents, anybody. Records of the audit log itself. */
export async function eventsOf(tx: Tx, input: { agents: readonly string[]; days: Days; limit: number }): Promise<AskedRow[]> {
  const who = input.agents.length > 0 ? sql`and source_name = any(${[...input.agents]}::text[])` : sql``;
  const found = await sql<AskedRow>`select id, created_at as at, source_name as who,
      event_type || coalesce(': ' || coalesce(payload->>'title', payload->>'summary', payload->>'text', payload->>'name'), '') as text
    from events where created_at >= ${input.days.from}::date and created_at < ${input.days.to}::date + 1 ${who}
      and event_type <> 'agent.run.started' order by created_at desc, id desc limit ${input.limit}`.execute(tx.queries);
  return found.rows;
}

/** The tool calls of these runs. */
export async function receiptsOf(tx: Tx, runs: readonly string[], limit: number): Promise<AskedRow[]> {
  if (runs.length === 0) return [];
  const found = await sql<AskedRow>`select r.id, r.created_at as at, a.name as who, r.tool || case when r.ok then '' else
      ' was refused: ' || coalesce(r.result->>'code', '') || ' ' || coalesce(r.result->>'message', '') end as text
    from receipts r join agents a on a.id = r.agent_id where r.run_id = any(${[...runs]}::uuid[])
    order by r.created_at desc, r.id desc limit ${limit}`.execute(tx.queries);
  return found.rows;
}

/** What these agents remember of those days, newest first. */
export async function historyOn(
  tx: Tx,
  input: { agentIds: readonly string[]; days: Days; limit: number },
): Promise<(AskedRow & { source: "own" | "agent" | "outside"; run_id: string | null })[]> {
  const who = input.agentIds.length > 0 ? sql`and h.agent_id = any(${[...input.agentIds]}::uuid[])` : sql``;
  const found = await sql<
    AskedRow & { source: "own" | "agent" | "outside"; run_id: string | null }
  >`select h.id, h.created_at as at,
      a.name as who, h.summary as text, h.source, h.run_id
    from agent_history h join agents a on a.id = h.agent_id where h.quarantined_at is null
      and h.created_at >= ${input.days.from}::date and h.created_at < ${input.days.to}::date + 1 ${who}
    order by h.created_at desc, h.id desc limit ${input.limit}`.execute(tx.queries);
  return found.rows;
}

export async function clientBySlug(tx: Tx, slug: string): Promise<string | null> {
  const found = await sql<{ id: string }>`select id from clients where slug = ${slug}`.execute(tx.queries);
  return found.rows[0]?.id ?? null;
}
