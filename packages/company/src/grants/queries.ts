import type { Tx } from "@aito/db";
import type { ArgumentConstraint, RollingPeriod } from "@aito/protocol";
import { sql } from "kysely";

export async function selectTaint(tx: Tx, agentId: string): Promise<string | null> {
  const found = await sql<{ taint: string | null }>`select aito_taint(${agentId}) as taint`.execute(tx.queries);
  return found.rows[0]?.taint ?? null;
}

/** The taint of what the board's own people wrote. */
export const boardTaint = "(^|: )GitHub issue [^ ]+#[0-9]+$";

/** Marks the agent's latest run of its present incarnation, or the incarnation where it has had none; false when it was marked. */
export async function markTaint(tx: Tx, agentId: string, source: string): Promise<boolean> {
  const runs = sql`select r.id from runs r join agents a on a.id = r.agent_id and a.epoch = r.epoch
    where r.agent_id = ${agentId} order by r.started_at desc, r.id desc limit 1`;
  // What only the board's own people wrote may go back there: anything else that is read beside it weighs more.
  const gives = sql`(taint is null or (taint ~ ${boardTaint} and not ${source}::text ~ ${boardTaint}))`;
  const found = await sql`with latest as (${runs}),
      run as (update runs set taint = ${source} where id in (select id from latest) and ${gives} returning 1),
      incarnation as (update sessions s set taint = ${source} from agents a
        where a.id = ${agentId} and s.agent_id = a.id and s.epoch = a.epoch and ${gives} and not exists (select 1 from latest)
        returning 1)
    select 1 from run union all select 1 from incarnation`.execute(tx.queries);
  return found.rows.length > 0;
}

/** A tainted memory of an agent that is not set aside: what sums its memories up may hold it. */
export async function selectTaintedMemory(tx: Tx, agentId: string): Promise<string | null> {
  const found = await sql<{ taint: string }>`select coalesce(taint, source_ref, source) as taint from agent_history
    where agent_id = ${agentId} and (taint is not null or source = 'outside') and quarantined_at is null limit 1`.execute(
    tx.queries,
  );
  return found.rows[0]?.taint ?? null;
}

/** Tables whose rows keep what whoever wrote them had read. */
export type Tainted = "tasks" | "decisions" | "claims" | "runs";

/** What the first of these that is tainted carries. */
export async function selectTaintOf(tx: Tx, what: Tainted, ids: readonly string[]): Promise<string | null> {
  if (ids.length === 0) return null;
  const found = await sql<{ taint: string }>`select taint from ${sql.table(what)} where id = any(${[...ids]}::uuid[])
    and taint is not null order by id limit 1`.execute(tx.queries);
  return found.rows[0]?.taint ?? null;
}

export interface PermissionRow {
  id: string;
  name: string;
  tool: string;
  role: string | null;
  constraints: ArgumentConstraint[];
  times_max: number;
  amount_max_micro_usd: bigint;
  period: RollingPeriod;
  until: Date | null;
  created_by: string;
  created_at: Date;
  revoked_at: Date | null;
  revoked_by: string | null;
  /** Within the period that ends now. */
  used: number;
  used_micro_usd: bigint;
}

const hours: Record<RollingPeriod, number | null> = { hour: 1, day: 24, week: 168, month: 720, total: null };

/** The moment from which uses count. Periods roll: a day is the last 24 hours, a month the last 30 days. */
export const periodStart = (period: RollingPeriod, now: Date): Date =>
  hours[period] === null ? new Date(0) : new Date(now.getTime() - hours[period] * 3_600_000);

/**
 * Those that hold for a call now, locked in the order of their ids: what they have left stays true until this transaction ends. Uses are
 * counted in a statement of their own: one that waited for the lock must see what its holder wrote.
 */
export async function lockPermissions(tx: Tx, call: { tool: string; role: string }): Promise<PermissionRow[]> {
  const held = await sql<{ id: string }>`select id from standing_permissions
    where tool = ${call.tool} and (role is null or role = ${call.role}) and revoked_at is null
      and (until is null or until > ${tx.now}) order by id for update`.execute(tx.queries);
  return held.rows.length === 0
    ? []
    : await selectPermissions(tx, sql`p.id = any(${held.rows.map(({ id }) => id)}::uuid[])`, 1_000);
}

export const listPermissionRows = (tx: Tx, limit: number): Promise<PermissionRow[]> => selectPermissions(tx, sql`true`, limit);
export const permissionNamed = async (tx: Tx, name: string): Promise<PermissionRow | null> =>
  (await selectPermissions(tx, sql`p.name = ${name} and p.revoked_at is null`, 1))[0] ?? null;

async function selectPermissions(tx: Tx, where: ReturnType<typeof sql>, limit: number): Promise<PermissionRow[]> {
  const since = (period: RollingPeriod): Date => periodStart(period, tx.now);
  const found = await sql<PermissionRow>`select p.*, u.used, u.used_micro_usd from standing_permissions p
    cross join lateral (select count(*)::int as used, coalesce(sum(a.amount_micro_usd), 0)::bigint as used_micro_usd from actions a
      where a.permission_id = p.id and a.created_at > case p.period when 'hour' then ${since("hour")}::timestamptz
        when 'day' then ${since("day")}::timestamptz when 'week' then ${since("week")}::timestamptz
        when 'month' then ${since("month")}::timestamptz else 'epoch'::timestamptz end) u
    where ${where} order by p.revoked_at is not null, p.id limit ${limit}`.execute(tx.queries);
  return found.rows;
}

/** False when a permission of that name stands. */
export async function insertPermission(
  tx: Tx,
  row: Omit<PermissionRow, "created_at" | "revoked_at" | "revoked_by" | "used" | "used_micro_usd">,
): Promise<boolean> {
  const found = await sql`insert into standing_permissions (id, company_id, name, tool, role, constraints, times_max,
      amount_max_micro_usd, period, until, created_by, created_at)
    values (${row.id}, ${tx.companyId}, ${row.name}, ${row.tool}, ${row.role}, ${JSON.stringify(row.constraints)}::jsonb,
      ${row.times_max}, ${row.amount_max_micro_usd}, ${row.period}, ${row.until}, ${row.created_by}, ${tx.now})
    on conflict (company_id, name) where revoked_at is null do nothing returning id`.execute(tx.queries);
  return found.rows.length > 0;
}

export async function endPermission(tx: Tx, id: string, by: string): Promise<void> {
  await sql`update standing_permissions set revoked_at = ${tx.now}, revoked_by = ${by} where id = ${id} and revoked_at is null`.execute(
    tx.queries,
  );
}

/**
 * Calls of a tool by an agent since then: those that ran, and those that were put before a human. `apart`: of one that leaves no action
 * where nobody was asked, but is written down as begun, and has its receipt then.
 */
export async function countCalls(tx: Tx, call: { agentId: string; tool: string; since: Date; apart?: boolean }): Promise<number> {
  const { agentId, tool, since } = call;
  const alone = sql`(select count(*) from begun_calls where agent_id = ${agentId} and tool = ${tool} and begun_at > ${since})
      + (select count(*) from receipts r where r.company_id = ${tx.companyId} and r.agent_id = ${agentId} and r.tool = ${tool}
        and r.created_at > ${since} and r.status not in ('refused', 'shadowed')
        and not exists (select 1 from actions a where a.receipt_id = r.id))`;
  const found = await sql<{ n: number }>`select (
      (select count(*) from approvals where agent_id = ${agentId} and tool = ${tool} and created_at > ${since}
        and edited_from is null)
      + (select count(*) from actions where agent_id = ${agentId} and tool = ${tool} and created_at > ${since}
        and approval_id is null) + ${call.apart ? alone : sql`0`})::int as n`.execute(tx.queries);
  return found.rows[0]!.n;
}

export async function countWaiting(tx: Tx, agentId: string): Promise<number> {
  const found = await sql<{
    n: number;
  }>`select count(*)::int as n from approvals where agent_id = ${agentId} and status = 'waiting'`.execute(tx.queries);
  return found.rows[0]!.n;
}
