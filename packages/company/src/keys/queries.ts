import type { Tx } from "@aito/db";
import { sql } from "kysely";

export interface KeyRow {
  id: string;
  name: string;
  models: string[] | null;
  created_by: string;
  created_at: Date;
  expires_at: Date;
  revoked_at: Date | null;
  last_used_at: Date | null;
  cap_micro_usd: bigint;
  used_micro_usd: bigint;
}

const select = sql`select k.id, k.name, k.models, k.created_by, k.created_at, k.expires_at, k.revoked_at, k.last_used_at,
    b.cap_micro_usd, coalesce(w.spent_micro_usd + w.reserved_micro_usd, 0)::bigint as used_micro_usd
  from gateway_keys k
  join budgets b on b.scope = 'key' and b.target = k.id::text
  left join budget_windows w on w.budget_id = b.id`;

export async function insertKey(
  tx: Tx,
  key: { id: string; name: string; keyHash: string; models: string[] | null; by: string; expiresAt: Date },
): Promise<void> {
  await sql`insert into gateway_keys (id, company_id, name, key_hash, models, created_by, created_at, expires_at)
    values (${key.id}, ${tx.companyId}, ${key.name}, ${key.keyHash},
      ${key.models === null ? null : JSON.stringify(key.models)}::jsonb, ${key.by}, ${tx.now}, ${key.expiresAt})`.execute(
    tx.queries,
  );
}

/** Newest first. */
export async function selectKeys(tx: Tx): Promise<KeyRow[]> {
  const found = await sql<KeyRow>`${select} order by k.created_at desc, k.id desc`.execute(tx.queries);
  return found.rows;
}

export async function selectKey(tx: Tx, id: string): Promise<KeyRow | null> {
  const found = await sql<KeyRow>`${select} where k.id = ${id}`.execute(tx.queries);
  return found.rows[0] ?? null;
}

/** An unrevoked key of this name, expired or not; locked. */
export async function lockStandingKey(tx: Tx, name: string): Promise<{ id: string } | null> {
  const found = await sql<{
    id: string;
  }>`select id from gateway_keys where name = ${name} and revoked_at is null for update`.execute(tx.queries);
  return found.rows[0] ?? null;
}

export async function markRevoked(tx: Tx, id: string): Promise<void> {
  await sql`update gateway_keys set revoked_at = ${tx.now} where id = ${id}`.execute(tx.queries);
}

/** A key that works now; its use is noted, at most once a minute, so that calls do not wait for one row. */
export async function useKey(tx: Tx, keyHash: string): Promise<{ id: string; name: string; models: string[] | null } | null> {
  const found = await sql<{
    id: string;
    name: string;
    models: string[] | null;
    stale: boolean;
  }>`select id, name, models, coalesce(last_used_at < ${new Date(tx.now.getTime() - 60_000)}, true) as stale
    from gateway_keys where (key_hash = ${keyHash} or (old_key_hash = ${keyHash} and old_key_until > ${tx.now}))
      and revoked_at is null and expires_at > ${tx.now}`.execute(tx.queries);
  const key = found.rows[0];
  if (!key) return null;
  if (key.stale) await sql`update gateway_keys set last_used_at = ${tx.now} where id = ${key.id}`.execute(tx.queries);
  return { id: key.id, name: key.name, models: key.models };
}

/** The present hash becomes the old one until `oldUntil`; one that was old before is refused at once. */
export async function rotateKey(tx: Tx, key: { id: string; keyHash: string; oldUntil: Date; expiresAt: Date }): Promise<void> {
  await sql`update gateway_keys set old_key_hash = key_hash, old_key_until = ${key.oldUntil}, key_hash = ${key.keyHash},
    expires_at = ${key.expiresAt} where id = ${key.id}`.execute(tx.queries);
}
