import type { OperatorRole } from "@aito/protocol";
import type { Tx } from "@aito/db";
import { sql } from "kysely";

export interface OperatorRow {
  id: string;
  name: string;
  role: OperatorRole;
  password_hash: string | null;
  totp_sealed: string | null;
  totp_last_step: number | null;
  created_by: string;
  created_at: Date;
  set_up_at: Date | null;
  disabled_at: Date | null;
  last_seen_at: Date | null;
  codes_left: number;
}

const select = sql`select o.id, o.name, o.role, o.password_hash, o.totp_sealed, o.totp_last_step, o.created_by, o.created_at,
    o.set_up_at, o.disabled_at,
    (select max(s.last_seen_at) from operator_sessions s where s.operator_id = o.id) as last_seen_at,
    (select count(*)::int from operator_recovery_codes c where c.operator_id = o.id and c.used_at is null) as codes_left
  from operators o`;

export async function selectOperators(tx: Tx): Promise<OperatorRow[]> {
  const found = await sql<OperatorRow>`${select} order by o.created_at, o.id`.execute(tx.queries);
  return found.rows;
}

export async function selectOperator(tx: Tx, which: { id: string } | { name: string }): Promise<OperatorRow | null> {
  const is = "id" in which ? sql`o.id = ${which.id}` : sql`o.name = ${which.name}`;
  const found = await sql<OperatorRow>`${select} where ${is}`.execute(tx.queries);
  return found.rows[0] ?? null;
}

/** The same, and nobody else changes it until the end of the transaction. */
export async function lockOperator(tx: Tx, name: string): Promise<OperatorRow | null> {
  await sql`select 1 from operators where name = ${name} for update`.execute(tx.queries);
  return await selectOperator(tx, { name });
}

export async function selectFirstOwner(tx: Tx): Promise<OperatorRow | null> {
  const found = await sql<OperatorRow>`${select} where o.role = 'owner' and o.disabled_at is null
    order by o.created_at, o.id limit 1`.execute(tx.queries);
  return found.rows[0] ?? null;
}

/** False when the name is taken. */
export async function insertOperator(
  tx: Tx,
  operator: { id: string; name: string; role: OperatorRole; by: string },
): Promise<boolean> {
  const found = await sql`insert into operators (id, company_id, name, role, created_by, created_at)
    values (${operator.id}, ${tx.companyId}, ${operator.name}, ${operator.role}, ${operator.by}, ${tx.now})
    on conflict (company_id, name) do nothing returning id`.execute(tx.queries);
  return found.rows.length > 0;
}

export async function setRole(tx: Tx, id: string, role: OperatorRole): Promise<void> {
  await sql`update operators set role = ${role} where id = ${id}`.execute(tx.queries);
}

export async function setDisabled(tx: Tx, id: string): Promise<void> {
  await sql`update operators set disabled_at = ${tx.now} where id = ${id}`.execute(tx.queries);
}

/** As when it was invited: no password, no codes, enabled. */
export async function clearAccount(tx: Tx, id: string): Promise<void> {
  await sql`update operators set password_hash = null, totp_sealed = null, totp_last_step = null, set_up_at = null,
    disabled_at = null where id = ${id}`.execute(tx.queries);
  await sql`delete from operator_recovery_codes where operator_id = ${id}`.execute(tx.queries);
}

export async function fillAccount(
  tx: Tx,
  account: { id: string; passwordHash: string; totpSealed: string; step: number },
): Promise<void> {
  await sql`update operators set password_hash = ${account.passwordHash}, totp_sealed = ${account.totpSealed},
    totp_last_step = ${account.step}, set_up_at = ${tx.now} where id = ${account.id}`.execute(tx.queries);
}

export async function replaceRecoveryCodes(tx: Tx, operatorId: string, codes: { id: string; hash: string }[]): Promise<void> {
  await sql`delete from operator_recovery_codes where operator_id = ${operatorId}`.execute(tx.queries);
  for (const { id, hash } of codes) {
    await sql`insert into operator_recovery_codes (id, company_id, operator_id, code_hash, created_at)
      values (${id}, ${tx.companyId}, ${operatorId}, ${hash}, ${tx.now})`.execute(tx.queries);
  }
}
