import type { Tx } from "@aito/db";
import { sql } from "kysely";
import type { HeldBreaker } from "./held-breakers.ts";

/** Whether it was open before; null: it was not held. */
export async function upsertBreaker(tx: Tx, held: HeldBreaker): Promise<{ wasOpen: boolean } | null> {
  const before = await sql<{ was_open: boolean }>`select open_since is not null as was_open from breakers
    where name = ${held.name} for update`.execute(tx.queries);
  await sql`insert into breakers (company_id, name, failures, opens, open_since, open_until, last_error)
    values (${tx.companyId}, ${held.name}, ${held.failures}, ${held.opens}, ${held.openSince}, ${held.openUntil}, ${held.lastError})
    on conflict (company_id, name) do update set failures = excluded.failures, opens = greatest(breakers.opens, excluded.opens),
      open_since = least(breakers.open_since, excluded.open_since),
      open_until = greatest(breakers.open_until, excluded.open_until), last_error = excluded.last_error`.execute(tx.queries);
  const row = before.rows[0];
  return row ? { wasOpen: row.was_open } : null;
}

/** Null: it was not held. */
export async function deleteBreaker(tx: Tx, name: string): Promise<{ wasOpen: boolean } | null> {
  const found = await sql<{ was_open: boolean }>`delete from breakers where name = ${name}
    returning open_since is not null as was_open`.execute(tx.queries);
  const row = found.rows[0];
  return row ? { wasOpen: row.was_open } : null;
}

export async function selectBreakers(tx: Tx, limit: number): Promise<HeldBreaker[]> {
  const found = await sql<HeldBreaker>`select name, failures, opens, open_since as "openSince", open_until as "openUntil",
      last_error as "lastError" from breakers order by name limit ${limit}`.execute(tx.queries);
  return found.rows;
}
