import type { Tx } from "@aito/db";
import { sql } from "kysely";

export interface ClientRow {
  id: string;
  slug: string;
  name: string;
}

export async function selectClient(tx: Tx, slug: string): Promise<ClientRow | null> {
  const found = await sql<ClientRow>`select id, slug, name from clients where slug = ${slug}`.execute(tx.queries);
  return found.rows[0] ?? null;
}

export async function selectClients(tx: Tx, slugs: readonly string[]): Promise<ClientRow[]> {
  if (slugs.length === 0) return [];
  const found = await sql<ClientRow>`select id, slug, name from clients where slug = any(${[...slugs]}::text[])`.execute(
    tx.queries,
  );
  return found.rows;
}

/** Adds the client or gives it its new name. Clients that the fleet file no longer names stay: tasks were done for them. */
export async function placeClient(tx: Tx, client: ClientRow): Promise<void> {
  await sql`insert into clients (id, company_id, slug, name, created_at)
    values (${client.id}, ${tx.companyId}, ${client.slug}, ${client.name}, ${tx.now})
    on conflict (company_id, slug) do update set name = excluded.name where clients.name <> excluded.name`.execute(tx.queries);
}
