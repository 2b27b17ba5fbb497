import type { Tx } from "@aito/db";
import type { PinStatus } from "@aito/protocol";
import { sql } from "kysely";

export interface PinRow {
  id: string;
  server: string;
  tool: string;
  hash: string;
  description: string;
  input_schema: string;
  output_schema: string | null;
  problem: string | null;
  status: PinStatus;
  present: boolean;
  first_seen_at: Date;
  answered_at: Date | null;
  answered_by: string | null;
}

/** Every version that stands or waits, the waiting ones first, so that they are never cut off; what was replaced only with `all`. */
export async function selectPins(
  tx: Tx,
  filter: { server?: string; tool?: string; all?: boolean; lock?: boolean; limit: number },
): Promise<PinRow[]> {
  const server = filter.server === undefined ? sql`` : sql`and server = ${filter.server}`;
  const tool = filter.tool === undefined ? sql`` : sql`and tool = ${filter.tool}`;
  const standing = filter.all ? sql`` : sql`and status <> 'replaced'`;
  const found =
    await sql<PinRow>`select id, server, tool, hash, description, input_schema, output_schema, problem, status, present,
      first_seen_at, answered_at, answered_by from tool_pins where true ${server} ${tool} ${standing}
    order by (status = 'waiting') desc, id desc limit ${filter.limit} ${filter.lock ? sql`for update` : sql``}`.execute(
      tx.queries,
    );
  return found.rows;
}

/** Null when another gateway wrote the same words at the same time. */
export async function insertPin(
  tx: Tx,
  row: Omit<PinRow, "status" | "present" | "first_seen_at" | "answered_at" | "answered_by">,
): Promise<string | null> {
  const found = await sql<{ id: string }>`insert into tool_pins (id, company_id, server, tool, hash, description, input_schema,
      output_schema, problem, status, present, first_seen_at)
    values (${row.id}, ${tx.companyId}, ${row.server}, ${row.tool}, ${row.hash}, ${row.description}, ${row.input_schema},
      ${row.output_schema}, ${row.problem}, 'waiting', true, ${tx.now})
    on conflict (company_id, server, tool, hash) where status <> 'replaced' do nothing returning id`.execute(tx.queries);
  return found.rows[0]?.id ?? null;
}

export async function setPresent(tx: Tx, pin: { server: string; tool: string; hash: string | null }): Promise<void> {
  await sql`update tool_pins set present = (hash = coalesce(${pin.hash}, '')) where server = ${pin.server} and tool = ${pin.tool}
    and present <> (hash = coalesce(${pin.hash}, '')) and status <> 'replaced'`.execute(tx.queries);
}

export async function movePin(tx: Tx, id: string, to: PinStatus, by: string | null): Promise<void> {
  const answered = by === null ? sql`` : sql`, answered_at = ${tx.now}, answered_by = ${by}`;
  await sql`update tool_pins set status = ${to} ${answered} where id = ${id}`.execute(tx.queries);
}
