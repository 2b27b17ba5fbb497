import type { Tx } from "@aito/db";
import { sql } from "kysely";

export interface FleetRow {
  id: string;
  revision: number;
  document: { v: number; fleet: unknown };
  digest: string;
  kickoff_sent_at: Date | null;
  next_status_query_at: Date | null;
  source: "file" | "console";
  made_by: string;
  comment: string;
  created_at: Date;
}

const columns = sql`id, revision, document, digest, kickoff_sent_at, next_status_query_at, source, made_by, comment, created_at`;

/** Held to the end of the transaction: of two that would make the next revision, the second sees the first's. */
export async function lockFleets(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtextextended(${`fleets:${tx.companyId}`}, 0))`.execute(tx.queries);
}

export async function latestFleet(tx: Tx): Promise<FleetRow | null> {
  const found = await sql<FleetRow>`select ${columns} from fleets order by revision desc limit 1`.execute(tx.queries);
  return found.rows[0] ?? null;
}

/** Its number alone: the documents are long. */
export async function latestRevision(tx: Tx): Promise<number | null> {
  const found = await sql<{ revision: number | null }>`select max(revision) as revision from fleets`.execute(tx.queries);
  return found.rows[0]!.revision;
}

/** The newest one's id, and its document unless that is the one with this id. */
export async function latestFleetUnless(tx: Tx, id: string | null): Promise<{ id: string; document: unknown } | null> {
  const found = await sql<{
    id: string;
    document: unknown;
  }>`select id, case when id is distinct from ${id}::uuid then document end as document
    from fleets order by revision desc limit 1`.execute(tx.queries);
  return found.rows[0] ?? null;
}

export async function selectFleet(tx: Tx, revision: number): Promise<FleetRow | null> {
  const found = await sql<FleetRow>`select ${columns} from fleets where revision = ${revision}`.execute(tx.queries);
  return found.rows[0] ?? null;
}

/** Newest first, without their documents. */
export async function selectFleets(tx: Tx, page: { limit: number; before?: number }): Promise<Omit<FleetRow, "document">[]> {
  const before = page.before === undefined ? sql`` : sql`where revision < ${page.before}`;
  const found = await sql<
    Omit<FleetRow, "document">
  >`select id, revision, digest, kickoff_sent_at, next_status_query_at, source, made_by,
      comment, created_at from fleets ${before} order by revision desc limit ${page.limit}`.execute(tx.queries);
  return found.rows;
}

/** The newest that the file made. */
export async function latestOfFile(tx: Tx): Promise<FleetRow | null> {
  const found = await sql<FleetRow>`select ${columns} from fleets where source = 'file' order by revision desc limit 1`.execute(
    tx.queries,
  );
  return found.rows[0] ?? null;
}

export async function insertFleet(
  tx: Tx,
  fleet: {
    id: string;
    revision: number;
    document: unknown;
    digest: string;
    kickoffSentAt: Date | null;
    nextStatusQueryAt: Date;
    source: FleetRow["source"];
    by: string;
    comment: string;
  },
): Promise<void> {
  await sql`insert into fleets (id, company_id, revision, document, digest, kickoff_sent_at, next_status_query_at, source, made_by, comment,
      created_at)
    values (${fleet.id}, ${tx.companyId}, ${fleet.revision}, ${JSON.stringify(fleet.document)}::jsonb, ${fleet.digest},
      ${fleet.kickoffSentAt}, ${fleet.nextStatusQueryAt}, ${fleet.source}, ${fleet.by}, ${fleet.comment}, ${tx.now})`.execute(
    tx.queries,
  );
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
