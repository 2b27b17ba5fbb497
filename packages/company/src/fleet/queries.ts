import type { Tx } from "@aito/db";
import { sql } from "kysely";

export interface FleetRow {
  id: string;
  revision: number;
  document: { v: number; fleet: unknown };
  digest: string;
  kickoff_sent_at: Date | null;
  next_status_query_at: Date | null;
}

export async function latestFleet(tx: Tx): Promise<FleetRow | null> {
  const found = await sql<FleetRow>`select id, revision, document, digest, kickoff_sent_at, next_status_query_at from fleets
    order by revision desc limit 1`.execute(tx.queries);
  return found.rows[0] ?? null;
}

export async function insertFleet(
  tx: Tx,
  fleet: { id: string; revision: number; document: unknown; digest: string; kickoffSentAt: Date | null; nextStatusQueryAt: Date },
): Promise<void> {
  await sql`insert into fleets (id, company_id, revision, document, digest, kickoff_sent_at, next_status_query_at, created_at)
    values (${fleet.id}, ${tx.companyId}, ${fleet.revision}, ${JSON.stringify(fleet.document)}::jsonb, ${fleet.digest},
      ${fleet.kickoffSentAt}, ${fleet.nextStatusQueryAt}, ${tx.now})`.execute(tx.queries);
}

/** Marks the kickoff as sent; false when it was already. */
export async function takeKickoff(tx: Tx, fleetId: string): Promise<boolean> {
  const found = await sql`update fleets set kickoff_sent_at = ${tx.now} where id = ${fleetId} and kickoff_sent_at is null
    returning id`.execute(tx.queries);
  return found.rows.length > 0;
}

/** True when the lead's status query is due; locks the fleet row so that one tick takes it. */
export async function takeDueStatusQuery(tx: Tx): Promise<boolean> {
  const found = await sql`select id from fleets where next_status_query_at <= ${tx.now}
    and revision = (select max(revision) from fleets) for update`.execute(tx.queries);
  return found.rows.length > 0;
}

export async function setNextStatusQuery(tx: Tx, at: Date): Promise<void> {
  await sql`update fleets set next_status_query_at = ${at} where revision = (select max(revision) from fleets)`.execute(
    tx.queries,
  );
}
