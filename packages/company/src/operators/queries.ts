import type { Tx } from "@aito/db";
import { sql } from "kysely";

export async function insertLoginLink(
  tx: Tx,
  link: { id: string; tokenHash: string; by: string; expiresAt: Date },
): Promise<void> {
  await sql`insert into login_links (id, company_id, token_hash, made_by, created_at, expires_at)
    values (${link.id}, ${tx.companyId}, ${link.tokenHash}, ${link.by}, ${tx.now}, ${link.expiresAt})`.execute(tx.queries);
}

export async function loginLinkState(tx: Tx, tokenHash: string): Promise<{ expires_at: Date; used_at: Date | null } | null> {
  const found = await sql<{ expires_at: Date; used_at: Date | null }>`select expires_at, used_at from login_links
    where token_hash = ${tokenHash}`.execute(tx.queries);
  return found.rows[0] ?? null;
}

/** Spends the link: one caller of many wins. */
export async function spendLoginLink(tx: Tx, tokenHash: string): Promise<boolean> {
  const found = await sql`update login_links set used_at = ${tx.now}
    where token_hash = ${tokenHash} and used_at is null and expires_at > ${tx.now} returning id`.execute(tx.queries);
  return found.rows.length > 0;
}

export async function insertOperatorSession(
  tx: Tx,
  session: { id: string; tokenHash: string; operator: string; expiresAt: Date },
): Promise<void> {
  await sql`insert into operator_sessions (id, company_id, token_hash, operator, created_at, last_seen_at, expires_at)
    values (${session.id}, ${tx.companyId}, ${session.tokenHash}, ${session.operator}, ${tx.now}, ${tx.now}, ${session.expiresAt})`.execute(
    tx.queries,
  );
}

export async function selectOperatorSession(tx: Tx, tokenHash: string): Promise<{ id: string; operator: string } | null> {
  const found = await sql<{ id: string; operator: string }>`select id, operator from operator_sessions
    where token_hash = ${tokenHash} and revoked_at is null and expires_at > ${tx.now}`.execute(tx.queries);
  return found.rows[0] ?? null;
}

export async function revokeOperatorSession(tx: Tx, tokenHash: string): Promise<void> {
  await sql`update operator_sessions set revoked_at = ${tx.now} where token_hash = ${tokenHash} and revoked_at is null`.execute(
    tx.queries,
  );
}
