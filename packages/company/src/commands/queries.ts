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

/** Open commands, oldest first, marked as taken. */
export async function takeOpenCommands(tx: Tx, limit: number): Promise<CommandRow[]> {
  const found = await sql<CommandRow>`update commands set done_at = ${tx.now}
    where id in (select id from commands where done_at is null order by created_at limit ${limit})
    returning id, kind, arguments, asked_by`.execute(tx.queries);
  return found.rows;
}
