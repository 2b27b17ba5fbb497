import type { Tx } from "@aito/db";
import { sql } from "kysely";
import type { MemoryFilter, MemorySource } from "./queries.ts";

export interface ItemRow {
  id: string;
  agent: string;
  client: string | null;
  action_type: string;
  summary: string;
  source: MemorySource;
  source_ref: string | null;
  run_id: string | null;
  details: Record<string, unknown>;
  embedding_model: string | null;
  quarantined_at: Date | null;
  quarantine_reason: string | null;
  created_at: Date;
}

const items = sql`select h.id, a.name as agent, c.slug as client, h.action_type, h.summary, h.source, h.source_ref, h.run_id, h.details,
    h.embedding_model, h.quarantined_at, h.quarantine_reason, h.created_at
  from agent_history h join agents a on a.id = h.agent_id left join clients c on c.id = h.client_id`;

export async function itemsByIds(tx: Tx, ids: readonly string[]): Promise<ItemRow[]> {
  return (await sql<ItemRow>`${items} where h.id = any(${[...ids]}::uuid[])`.execute(tx.queries)).rows;
}

/** The newest, or of those that were set aside; where `text` says something, those that have all its words. */
export async function newestItems(
  tx: Tx,
  { filter, quarantined, text, limit }: { filter: MemoryFilter; quarantined: boolean; text: string; limit: number },
): Promise<ItemRow[]> {
  const parts = [quarantined ? sql`h.quarantined_at is not null` : sql`h.quarantined_at is null`];
  if (filter.agentIds) parts.push(sql`h.agent_id = any(${[...filter.agentIds]}::uuid[])`);
  if (filter.clientId !== undefined) parts.push(sql`h.client_id is not distinct from ${filter.clientId}`);
  if (filter.sources) parts.push(sql`h.source = any(${[...filter.sources]}::text[])`);
  if (text !== "") parts.push(sql`h.search @@ plainto_tsquery('english', ${text})`);
  const found =
    await sql<ItemRow>`${items} where ${sql.join(parts, sql` and `)} order by h.created_at desc, h.id desc limit ${limit}`.execute(
      tx.queries,
    );
  return found.rows;
}
