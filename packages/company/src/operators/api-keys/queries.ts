import type { OperatorRole, OperatorScope } from "@aito/protocol";
import type { Tx } from "@aito/db";
import { sql } from "kysely";

export interface ApiKeyRow {
  id: string;
  operator_id: string | null;
  name: string;
  scopes: OperatorScope[];
  created_by: string;
  created_at: Date;
  expires_at: Date;
  revoked_at: Date | null;
  last_used_at: Date | null;
  /** Of its operator; null for the machine's owner. */
  operator_name: string | null;
  role: OperatorRole | null;
  disabled_at: Date | null;
}

const select = sql`select k.id, k.operator_id, k.name, k.scopes, k.created_by, k.created_at, k.expires_at, k.revoked_at, k.last_used_at,
    o.name as operator_name, o.role, o.disabled_at
  from operator_api_keys k left join operators o on o.id = k.operator_id`;

export async function insertApiKey(
  tx: Tx,
  key: { id: string; operatorId: string | null; name: string; keyHash: string; scopes: string[]; by: string; expiresAt: Date },
): Promise<void> {
  await sql`insert into operator_api_keys (id, company_id, operator_id, name, key_hash, scopes, created_by, created_at, expires_at)
    values (${key.id}, ${tx.companyId}, ${key.operatorId}, ${key.name}, ${key.keyHash}, ${JSON.stringify(key.scopes)}::jsonb,
      ${key.by}, ${tx.now}, ${key.expiresAt})`.execute(tx.queries);
}

export async function selectStandingApiKey(tx: Tx, keyHash: string): Promise<ApiKeyRow | null> {
  const found = await sql<ApiKeyRow>`${select} where k.key_hash = ${keyHash} and k.revoked_at is null and k.expires_at > ${tx.now}
    and o.disabled_at is null`.execute(tx.queries);
  return found.rows[0] ?? null;
}

export async function selectApiKey(tx: Tx, id: string): Promise<ApiKeyRow | null> {
  const found = await sql<ApiKeyRow>`${select} where k.id = ${id}`.execute(tx.queries);
  return found.rows[0] ?? null;
}

/** Newest first; `of` an operator's own ones (null: the machine's owner's), undefined: everybody's. */
export async function selectApiKeys(
  tx: Tx,
  page: { limit: number; before?: string | undefined; of?: string | null | undefined },
): Promise<ApiKeyRow[]> {
  const own = page.of === undefined ? sql`true` : sql`k.operator_id is not distinct from ${page.of}`;
  const found =
    await sql<ApiKeyRow>`${select} where ${own} and k.id < ${page.before ?? "ffffffff-ffff-ffff-ffff-ffffffffffff"}::uuid
    order by k.id desc limit ${page.limit}`.execute(tx.queries);
  return found.rows;
}

export async function countStandingApiKeys(tx: Tx, of: string | null): Promise<number> {
  const found = await sql<{ count: number }>`select count(*)::int as count from operator_api_keys
    where operator_id is not distinct from ${of} and revoked_at is null and expires_at > ${tx.now}`.execute(tx.queries);
  return found.rows[0]!.count;
}

export async function usedApiKey(tx: Tx, id: string): Promise<void> {
  await sql`update operator_api_keys set last_used_at = ${tx.now} where id = ${id}`.execute(tx.queries);
}

export async function revokeApiKeyRow(tx: Tx, id: string): Promise<boolean> {
  const found = await sql`update operator_api_keys set revoked_at = ${tx.now} where id = ${id} and revoked_at is null
    returning id`.execute(tx.queries);
  return found.rows.length > 0;
}

export async function revokeApiKeysOf(tx: Tx, operatorId: string): Promise<void> {
  await sql`update operator_api_keys set revoked_at = ${tx.now} where operator_id = ${operatorId} and revoked_at is null`.execute(
    tx.queries,
  );
}
