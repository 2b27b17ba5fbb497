import type { Tx } from "@aito/db";
import { sql } from "kysely";

export interface EscalationRow {
  id: string;
  decision_id: string;
  title: string;
  reason: string;
  status: "waiting" | "answered" | "closed";
  answer: string | null;
  comment: string | null;
  answered_by: string | null;
  created_at: Date;
  answered_at: Date | null;
}

export interface LinkRow {
  id: string;
  escalation_id: string;
  number: number;
  token_hash: string;
  expires_at: Date;
  used_at: Date | null;
}

const select = sql`select e.*, d.title from escalations e join decisions d on d.id = e.decision_id`;

/** Returns false when one for the decision waits already. */
export async function insertEscalation(tx: Tx, row: { id: string; decisionId: string; reason: string }): Promise<boolean> {
  const found = await sql`insert into escalations (id, company_id, decision_id, reason, created_at)
    values (${row.id}, ${tx.companyId}, ${row.decisionId}, ${row.reason}, ${tx.now}) on conflict do nothing returning id`.execute(
    tx.queries,
  );
  return found.rows.length > 0;
}

/** Newest first (ids sort by time). */
export async function selectEscalations(
  tx: Tx,
  filter: {
    status?: EscalationRow["status"] | undefined;
    decision?: string | undefined;
    before?: string | undefined;
    limit: number;
  },
): Promise<EscalationRow[]> {
  const decision = filter.decision ? sql`and e.decision_id = ${filter.decision}::uuid` : sql``;
  const status = filter.status ? sql`and e.status = ${filter.status}` : sql``;
  const before = filter.before ? sql`and e.id < ${filter.before}::uuid` : sql``;
  const found =
    await sql<EscalationRow>`${select} where true ${status} ${decision} ${before} order by e.id desc limit ${filter.limit}`.execute(
      tx.queries,
    );
  return found.rows;
}

export async function selectEscalation(tx: Tx, id: string, lock = false): Promise<EscalationRow | null> {
  const found = await sql<EscalationRow>`${select} where e.id = ${id} ${lock ? sql`for update of e` : sql``}`.execute(tx.queries);
  return found.rows[0] ?? null;
}

export async function countWaiting(tx: Tx): Promise<number> {
  const found = await sql<{ count: number }>`select count(*)::int as count from escalations where status = 'waiting'`.execute(
    tx.queries,
  );
  return found.rows[0]!.count;
}

export async function markAnswered(tx: Tx, id: string, answer: { answer: string; comment: string; by: string }): Promise<void> {
  await sql`update escalations set status = 'answered', answer = ${answer.answer}, comment = ${answer.comment},
      answered_by = ${answer.by}, answered_at = ${tx.now} where id = ${id} and status = 'waiting'`.execute(tx.queries);
}

/** Closes the waiting escalation of a decision that ended without its answer; its links tell so from then on. */
export async function closeEscalation(tx: Tx, decisionId: string): Promise<void> {
  await sql`update escalations set status = 'closed', answered_at = ${tx.now}
    where decision_id = ${decisionId} and status = 'waiting'`.execute(tx.queries);
}

export async function insertLink(tx: Tx, link: Omit<LinkRow, "used_at">): Promise<void> {
  await sql`insert into escalation_links (id, company_id, escalation_id, number, token_hash, expires_at, created_at)
    values (${link.id}, ${tx.companyId}, ${link.escalation_id}, ${link.number}, ${link.token_hash}, ${link.expires_at}, ${tx.now})`.execute(
    tx.queries,
  );
}

export async function newestLink(tx: Tx, escalationId: string): Promise<LinkRow | null> {
  const found = await sql<LinkRow>`select id, escalation_id, number, token_hash, expires_at, used_at from escalation_links
    where escalation_id = ${escalationId} order by number desc limit 1`.execute(tx.queries);
  return found.rows[0] ?? null;
}

export async function selectLinkByHash(tx: Tx, tokenHash: string): Promise<LinkRow | null> {
  const found = await sql<LinkRow>`select id, escalation_id, number, token_hash, expires_at, used_at from escalation_links
    where token_hash = ${tokenHash}`.execute(tx.queries);
  return found.rows[0] ?? null;
}

export async function markLinkUsed(tx: Tx, linkId: string): Promise<void> {
  await sql`update escalation_links set used_at = ${tx.now} where id = ${linkId}`.execute(tx.queries);
}

/** Every link below `number` ends now: what a reminder brings replaces them. */
export async function endOlderLinks(tx: Tx, escalationId: string, number: number): Promise<void> {
  await sql`update escalation_links set expires_at = ${tx.now}
    where escalation_id = ${escalationId} and number < ${number} and expires_at > ${tx.now}`.execute(tx.queries);
}

/** The longest waiting first. */
export async function selectWaiting(tx: Tx, limit: number): Promise<EscalationRow[]> {
  const found = await sql<EscalationRow>`${select} where e.status = 'waiting' order by e.created_at, e.id limit ${limit}`.execute(
    tx.queries,
  );
  return found.rows;
}
