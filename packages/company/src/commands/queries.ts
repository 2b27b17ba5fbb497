import type { Tx } from "@aito/db";
import { sql } from "kysely";

export interface CommandRow {
  id: string;
  kind: string;
  arguments: Record<string, unknown>;
  asked_by: string;
}

export async function insertCommand(tx: Tx, command: CommandRow): Promise<void> {
  await sql`insert into commands (id, company_id, kind, arguments, asked_by, created_at)
    values (${command.id}, ${tx.companyId}, ${command.kind}, ${JSON.stringify(command.arguments)}::jsonb, ${command.asked_by}, ${tx.now})`.execute(
    tx.queries,
  );
}

/** The oldest open command, locked: a second taker gets the one after it. */
export async function nextCommand(tx: Tx): Promise<CommandRow | null> {
  const found = await sql<CommandRow>`select id, kind, arguments, asked_by from commands where done_at is null
    order by created_at, id limit 1 for update skip locked`.execute(tx.queries);
  return found.rows[0] ?? null;
}

export async function endCommand(tx: Tx, id: string, result: Record<string, unknown>): Promise<void> {
  await sql`update commands set done_at = ${tx.now}, result = ${JSON.stringify(result)}::jsonb where id = ${id}`.execute(
    tx.queries,
  );
}
