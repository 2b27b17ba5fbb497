import type { Tx } from "@aito/db";
import { sql } from "kysely";

/** Takes the lead when nobody holds it or the lease ran out; the term goes up with each change of holder. */
export async function takeTerm(tx: Tx, holder: string, leaseUntil: Date): Promise<bigint | null> {
  const found = await sql<{ term: bigint }>`insert into terms as t (company_id, term, holder, renewed_at, lease_until)
    values (${tx.companyId}, 1, ${holder}, ${tx.now}, ${leaseUntil})
    on conflict (company_id) do update set term = t.term + 1, holder = excluded.holder, renewed_at = excluded.renewed_at,
      lease_until = excluded.lease_until where t.lease_until < ${tx.now} or t.holder = ${holder}
    returning term`.execute(tx.queries);
  return found.rows[0]?.term ?? null;
}

export async function endTerm(tx: Tx, holder: string, term: bigint): Promise<void> {
  await sql`update terms set lease_until = ${tx.now}::timestamptz - interval '1 second'
    where holder = ${holder} and term = ${term.toString()}::bigint`.execute(tx.queries);
}

/** Shares the row until the transaction ends: a taker of the term waits for what is written under the old one. */
export async function holdTerm(tx: Tx, holder: string, term: bigint): Promise<boolean> {
  const found =
    await sql`select term from terms where holder = ${holder} and term = ${term.toString()}::bigint for share`.execute(
      tx.queries,
    );
  return found.rows.length > 0;
}
