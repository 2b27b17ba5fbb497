import type { Tx } from "@aito/db";
import { sql } from "kysely";

export interface LeadTermRow {
  term: bigint;
  agent_id: string;
  lead: string;
  acting: boolean;
  reason: string;
  began_at: Date;
  lost_since: Date | null;
  back_since: Date | null;
}

/** The open term; null before the first. Shared or locked until the transaction ends: who changes the lead waits for who acts as it. */
export async function openTerm(tx: Tx, lock: "share" | "update" | "none" = "none"): Promise<LeadTermRow | null> {
  const how = lock === "none" ? sql`` : lock === "share" ? sql`for share of t` : sql`for update of t`;
  const found = await sql<LeadTermRow>`select t.term, t.agent_id, a.name as lead, t.acting, t.reason, t.began_at, t.lost_since,
      t.back_since
    from lead_terms t join agents a on a.id = t.agent_id where t.ended_at is null ${how}`.execute(tx.queries);
  return found.rows[0] ?? null;
}

/** How often a deputy took over since `since`. */
export async function countTakeovers(tx: Tx, since: Date): Promise<number> {
  const found = await sql<{ n: number }>`select count(*)::int as n from lead_terms where acting and began_at > ${since}`.execute(
    tx.queries,
  );
  return found.rows[0]!.n;
}

export interface CandidateRow {
  id: string;
  name: string;
  department: string | null;
  wanted: boolean;
  alive: boolean;
}

/** Of the named agents: who is wanted, and who is active and was heard after `heardAfter`. */
export async function selectCandidates(tx: Tx, names: string[], heardAfter: Date): Promise<CandidateRow[]> {
  const found = await sql<CandidateRow>`select id, name, department, desired = 'running' and held is null as wanted,
      status = 'active' and last_heartbeat is not null and last_heartbeat > ${heardAfter} as alive
    from agents where name = any(${names}::text[])`.execute(tx.queries);
  return found.rows;
}

/** False when that term is not the open one any more. */
export async function endTermOf(tx: Tx, term: bigint): Promise<boolean> {
  const found = await sql`update lead_terms set ended_at = ${tx.now} where term = ${term.toString()}::bigint and ended_at is null
    returning term`.execute(tx.queries);
  return found.rows.length > 0;
}

/** The primary key and the index of open terms refuse a second one. */
export async function beginTerm(tx: Tx, term: { term: bigint; agentId: string; acting: boolean; reason: string }): Promise<void> {
  await sql`insert into lead_terms (company_id, term, agent_id, acting, reason, began_at)
    values (${tx.companyId}, ${term.term.toString()}::bigint, ${term.agentId}, ${term.acting}, ${term.reason}, ${tx.now})`.execute(
    tx.queries,
  );
}

export async function watchTerm(tx: Tx, watch: { term: bigint; lostSince: Date | null; backSince: Date | null }): Promise<void> {
  await sql`update lead_terms set lost_since = ${watch.lostSince}::timestamptz, back_since = ${watch.backSince}::timestamptz
    where term = ${watch.term.toString()}::bigint and ended_at is null`.execute(tx.queries);
}
