import type { OperatorRole } from "@aito/protocol";
import type { Tx } from "@aito/db";
import { sql } from "kysely";

export async function insertLoginLink(
  tx: Tx,
  link: { id: string; tokenHash: string; by: string; operatorId: string | null; expiresAt: Date },
): Promise<void> {
  await sql`insert into login_links (id, company_id, token_hash, made_by, operator_id, created_at, expires_at)
    values (${link.id}, ${tx.companyId}, ${link.tokenHash}, ${link.by}, ${link.operatorId}, ${tx.now}, ${link.expiresAt})`.execute(
    tx.queries,
  );
}

export async function hasOpenLoginLink(tx: Tx, tokenHash: string): Promise<boolean> {
  const found = await sql`select 1 from login_links
    where token_hash = ${tokenHash} and used_at is null and expires_at > ${tx.now}`.execute(tx.queries);
  return found.rows.length > 0;
}

/** Spends the link: one caller of many wins. */
export async function spendLoginLink(tx: Tx, tokenHash: string): Promise<{ operator_id: string | null } | null> {
  const found = await sql<{ operator_id: string | null }>`update login_links set used_at = ${tx.now}
    where token_hash = ${tokenHash} and used_at is null and expires_at > ${tx.now} returning operator_id`.execute(tx.queries);
  return found.rows[0] ?? null;
}

/** Links of this operator that nobody used yet open nothing any more. */
export async function spendLinksOf(tx: Tx, operatorId: string): Promise<void> {
  await sql`update login_links set used_at = ${tx.now} where operator_id = ${operatorId} and used_at is null`.execute(tx.queries);
}

export interface NewSession {
  id: string;
  tokenHash: string;
  /** As the audit names them. */
  operator: string;
  operatorId: string | null;
  how: "link" | "password";
  address: string;
  userAgent: string;
  expiresAt: Date;
}

export async function insertOperatorSession(tx: Tx, session: NewSession): Promise<void> {
  await sql`insert into operator_sessions
      (id, company_id, token_hash, operator, operator_id, how, address, user_agent, created_at, last_seen_at, expires_at)
    values (${session.id}, ${tx.companyId}, ${session.tokenHash}, ${session.operator}, ${session.operatorId}, ${session.how},
      ${session.address}, ${session.userAgent}, ${tx.now}, ${tx.now}, ${session.expiresAt})`.execute(tx.queries);
}

export interface SessionRow {
  id: string;
  operator_id: string | null;
  operator: string;
  how: "link" | "password";
  address: string;
  user_agent: string;
  created_at: Date;
  last_seen_at: Date;
  expires_at: Date;
  revoked_at: Date | null;
  /** Of the operator as they are now; null for the machine's owner. */
  role: OperatorRole | null;
  disabled_at: Date | null;
  set_up_at: Date | null;
}

const sessionSelect = sql`select s.id, s.operator_id, s.operator, s.how, s.address, s.user_agent, s.created_at, s.last_seen_at,
    s.expires_at, s.revoked_at, o.role, o.disabled_at, o.set_up_at
  from operator_sessions s left join operators o on o.id = s.operator_id`;

export async function selectSession(tx: Tx, id: string): Promise<SessionRow | null> {
  const found = await sql<SessionRow>`${sessionSelect} where s.id = ${id}`.execute(tx.queries);
  return found.rows[0] ?? null;
}

/** Newest first; `of` an operator's own ones (null: the machine's owner's), undefined: everybody's. */
export async function selectSessions(
  tx: Tx,
  page: { limit: number; before?: string | undefined; of?: string | null | undefined },
): Promise<SessionRow[]> {
  const own = page.of === undefined ? sql`true` : sql`s.operator_id is not distinct from ${page.of}`;
  const found = await sql<SessionRow>`${sessionSelect} where ${own} and s.id < ${page.before ?? lastId}::uuid
    order by s.id desc limit ${page.limit}`.execute(tx.queries);
  return found.rows;
}
const lastId = "ffffffff-ffff-ffff-ffff-ffffffffffff";

export async function sawSession(tx: Tx, session: { id: string; address: string }): Promise<void> {
  await sql`update operator_sessions set last_seen_at = ${tx.now}, address = ${session.address} where id = ${session.id}`.execute(
    tx.queries,
  );
}

/** Whose it becomes: the machine's owner made an account. */
export async function giveSession(tx: Tx, session: { id: string; operatorId: string; operator: string }): Promise<void> {
  await sql`update operator_sessions set operator_id = ${session.operatorId}, operator = ${session.operator}
    where id = ${session.id}`.execute(tx.queries);
}

export async function revokeSessionRow(tx: Tx, id: string): Promise<boolean> {
  const found = await sql`update operator_sessions set revoked_at = ${tx.now} where id = ${id} and revoked_at is null
    and expires_at > ${tx.now} returning id`.execute(tx.queries);
  return found.rows.length > 0;
}

/** All of an operator's but one. */
export async function revokeSessionsOf(tx: Tx, operatorId: string, except: string | null): Promise<number> {
  const found = await sql`update operator_sessions set revoked_at = ${tx.now} where operator_id = ${operatorId}
    and revoked_at is null and id is distinct from ${except} returning id`.execute(tx.queries);
  return found.rows.length;
}
