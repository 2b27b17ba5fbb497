import type { Tx } from "@aito/db";
import { sql } from "kysely";

/** The nearest task upwards, this one included, that has a budget; null where none has. */
export async function selectPayer(tx: Tx, taskId: string): Promise<string | null> {
  const found = await sql<{ id: string }>`with recursive up as (
      select id, parent_task_id, budget_micro_usd, 0 as depth from tasks where id = ${taskId}
      union all select t.id, t.parent_task_id, t.budget_micro_usd, up.depth + 1 from tasks t join up on t.id = up.parent_task_id
        where up.budget_micro_usd is null and up.depth < 100)
    select id from up where budget_micro_usd is not null order by depth limit 1`.execute(tx.queries);
  return found.rows[0]?.id ?? null;
}

/** What is taken of a task's budget beside model calls: standing decisions, budgets of other tasks, and its decision's actions. */
export async function sumPromised(tx: Tx, taskId: string): Promise<bigint> {
  const found = await sql<{ total: string }>`select aito_task_promised(${taskId})::text as total`.execute(tx.queries);
  return BigInt(found.rows[0]!.total);
}

/** What is promised from a decision's task to other decisions and tasks; its actions are not in it. */
export async function sumPromisedToOthers(tx: Tx, taskId: string): Promise<bigint> {
  const found = await sql<{ total: string }>`select (
      coalesce((select sum(amount_micro_usd) from decisions
        where paid_by_task_id = ${taskId} and status in ('pending', 'escalated', 'approved')), 0)
      + coalesce((select sum(budget_micro_usd) from tasks where paid_by_task_id = ${taskId} and status <> 'cancelled'), 0)
    )::text as total`.execute(tx.queries);
  return BigInt(found.rows[0]!.total);
}

/** What model calls have cost since `since`, as far as it is known. */
export async function sumUsage(tx: Tx, since: Date): Promise<bigint> {
  const found = await sql<{ total: string }>`select coalesce(sum(cost_micro_usd), 0)::text as total from usage
    where created_at >= ${since}`.execute(tx.queries);
  return BigInt(found.rows[0]!.total);
}

/** The same, with how many calls it leaves out because nobody said what they cost. */
export async function sumUsageSince(tx: Tx, since: Date): Promise<{ knownMicroUsd: bigint; unknownCalls: number }> {
  const found = await sql<{ known: string; unknown: number }>`select coalesce(sum(cost_micro_usd), 0)::text as known,
      (count(*) filter (where cost_micro_usd is null))::int as unknown from usage where created_at >= ${since}`.execute(
    tx.queries,
  );
  return { knownMicroUsd: BigInt(found.rows[0]!.known), unknownCalls: found.rows[0]!.unknown };
}

export async function sumUsageWithin(
  tx: Tx,
  { from, to }: { from: Date; to: Date },
): Promise<{ knownMicroUsd: bigint; unknownCalls: number }> {
  const found = await sql<{ known: string; unknown: number }>`select coalesce(sum(cost_micro_usd), 0)::text as known,
      (count(*) filter (where cost_micro_usd is null))::int as unknown from usage
    where created_at >= ${from} and created_at < ${to}`.execute(tx.queries);
  return { knownMicroUsd: BigInt(found.rows[0]!.known), unknownCalls: found.rows[0]!.unknown };
}

export interface BudgetRow {
  id: string;
  scope: "company" | "client" | "department" | "agent" | "task" | "key";
  target: string;
  period: "day" | "month" | "total";
  capMicroUsd: bigint;
  softPercent: number;
  timeZone: string;
  source: "fleet" | "task" | "key";
}

/** Adds the budget or changes what it allows; what was spent of it stays. */
export async function placeBudget(tx: Tx, row: BudgetRow): Promise<void> {
  await sql`insert into budgets (id, company_id, scope, target, period, cap_micro_usd, soft_percent, time_zone, source, created_at)
    values (${row.id}, ${tx.companyId}, ${row.scope}, ${row.target}, ${row.period}, ${row.capMicroUsd}, ${row.softPercent},
      ${row.timeZone}, ${row.source}, ${tx.now})
    on conflict (company_id, scope, target, period) do update set cap_micro_usd = excluded.cap_micro_usd,
      soft_percent = excluded.soft_percent, time_zone = excluded.time_zone, source = excluded.source, ended_at = null`.execute(
    tx.queries,
  );
}

/** Ends the fleet file's budgets that it names no more. */
export async function endOtherBudgets(tx: Tx, kept: Pick<BudgetRow, "scope" | "target" | "period">[]): Promise<void> {
  const keys = kept.map((row) => `${row.scope}\n${row.target}\n${row.period}`);
  await sql`update budgets set ended_at = ${tx.now} where source = 'fleet' and ended_at is null
    and not (scope || chr(10) || target || chr(10) || period = any(${keys}::text[]))`.execute(tx.queries);
}

/** What model calls have spent of a task's amount, and hold of it; locked, so that no call takes more of it meanwhile. */
export async function sumTaskWindow(tx: Tx, taskId: string): Promise<bigint> {
  // The first call makes it: without a row there would be nothing to lock.
  await sql`insert into budget_windows (company_id, budget_id, starts_at) select company_id, id, 'epoch' from budgets
    where id = ${taskId} on conflict do nothing`.execute(tx.queries);
  const found = await sql<{ taken: string }>`select (spent_micro_usd + reserved_micro_usd)::text as taken from budget_windows
    where budget_id = ${taskId} for update`.execute(tx.queries);
  return BigInt(found.rows[0]?.taken ?? 0);
}

/** Locked by id, as whoever settles them. */
export async function renewLeases(
  tx: Tx,
  { holder, blocks, until }: { holder: string; blocks: string[]; until: Date },
): Promise<void> {
  await sql`update reservations r set lease_until = ${until} from (
      select id from reservations where holder = ${holder} and id = any(${blocks}::uuid[]) order by id for update) q
    where r.id = q.id`.execute(tx.queries);
}

export async function selectExpiredReservations(tx: Tx, now: Date, limit: number): Promise<string[]> {
  const found = await sql<{
    id: string;
  }>`select id from reservations where lease_until < ${now} order by id limit ${limit}`.execute(tx.queries);
  return found.rows.map((row) => row.id);
}

export interface BudgetNews {
  budget_id: string;
  starts_at: Date;
  /** Names the budget and its window in an alert. */
  subject: string;
  scope: string;
  target: string;
  period: string;
  soft_percent: number;
  cap_micro_usd: bigint;
  spent_micro_usd: bigint;
  refused: boolean;
  hard_told: boolean;
}

const subjectOf = sql`(b.scope || ' ' || b.target || ' ' || b.period || ' ' || to_char(w.starts_at at time zone 'UTC', 'YYYY-MM-DD'))`;

/** Windows with something that was not told yet. */
export async function selectBudgetNews(tx: Tx): Promise<BudgetNews[]> {
  const found =
    await sql<BudgetNews>`select w.budget_id, w.starts_at, left(${subjectOf}, 100) as subject, b.scope, b.target, b.period,
      b.soft_percent, b.cap_micro_usd, w.spent_micro_usd, w.refused_at is not null as refused, w.hard_alert_at is not null as hard_told
    from budget_windows w join budgets b on b.id = w.budget_id
    where (w.refused_at is not null and w.hard_alert_at is null)
      or (w.soft_alert_at is null and w.spent_micro_usd * 100 >= b.cap_micro_usd * b.soft_percent and b.cap_micro_usd > 0)
    order by w.budget_id limit 20`.execute(tx.queries);
  return found.rows;
}

/** A stop says what the soft share would have said. */
export async function markTold(tx: Tx, item: Pick<BudgetNews, "budget_id" | "starts_at">, what: "soft" | "hard"): Promise<void> {
  await sql`update budget_windows set soft_alert_at = coalesce(soft_alert_at, ${tx.now}),
      hard_alert_at = case when ${what} = 'hard' then ${tx.now} else hard_alert_at end
    where budget_id = ${item.budget_id} and starts_at = ${item.starts_at}`.execute(tx.queries);
}

/** Open alerts about windows that have ended, or whose budget holds nobody any more. */
export async function selectOverBudgets(tx: Tx): Promise<string[]> {
  const found = await sql<{ subject: string }>`select l.subject from alerts l where l.kind = 'budget' and l.closed_at is null
    and not exists (select from budget_windows w join budgets b on b.id = w.budget_id
      where left(${subjectOf}, 100) = l.subject and b.ended_at is null
        and w.starts_at = aito_window_start(b.period, b.time_zone, ${tx.now})
        and w.spent_micro_usd + w.reserved_micro_usd >= b.cap_micro_usd * b.soft_percent / 100) limit 50`.execute(tx.queries);
  return found.rows.map((row) => row.subject);
}
