import type { Tx } from "@aito/db";
import type { BudgetView, CostCut, CostRow, ModelCall, SuccessCut, SuccessRow } from "@aito/protocol";
import { type RawBuilder, sql } from "kysely";

/** Agents with the standing one that they were started for, and tasks with the one that they are below. */
const roots = sql`recursive line as (
    select id, id as root from agents where parent_agent_id is null
    union all select a.id, line.root from agents a join line on a.parent_agent_id = line.id
  ), tree as (
    select id, id as root from tasks where parent_task_id is null
    union all select t.id, tree.root from tasks t join tree on t.parent_task_id = tree.id
  )`;

function nameBy(cut: CostCut, timeZone: string): RawBuilder<unknown> {
  switch (cut) {
    case "agent":
      return sql`(select r.name from line join agents r on r.id = line.root where line.id = u.agent_id)`;
    case "worker":
      return sql`a.name`;
    case "epoch":
      return sql`a.name || ' #' || u.epoch`;
    case "run":
      return sql`u.run_id::text`;
    case "task":
      return sql`(select tree.root::text from tree where tree.id = u.task_id)`;
    case "client":
      return sql`(select c.slug from clients c where c.id = u.client_id)`;
    case "department":
      return sql`a.department`;
    case "model":
      return sql`u.model`;
    case "upstream":
      return sql`u.upstream`;
    case "action":
      return sql`u.action`;
    case "day":
      return sql`to_char(u.created_at at time zone ${timeZone}, 'YYYY-MM-DD')`;
    case "key":
      // A name stands for one key at a time.
      return sql`(select k.name from gateway_keys k where k.id = u.key_id)`;
    default:
      return cut satisfies never;
  }
}

export async function selectCosts(
  tx: Tx,
  options: { by: CostCut; since: Date | null; until: Date | null; timeZone: string; limit: number },
): Promise<CostRow[]> {
  const { since, until } = options;
  const found = await sql<CostRow>`with ${roots}
    select n.name, count(*)::int as calls, (count(*) filter (where n.status >= 400))::int as "failedCalls",
      sum(n.cost_micro_usd)::bigint::text as "costMicroUsd",
      (count(*) filter (where n.cost_micro_usd is null))::int as "unknownCalls",
      coalesce(sum(coalesce(n.charged_micro_usd, n.cost_micro_usd)), 0)::bigint::text as "chargedMicroUsd",
      coalesce(sum(n.input_tokens), 0)::bigint::text as "inputTokens",
      coalesce(sum(n.output_tokens), 0)::bigint::text as "outputTokens",
      coalesce(sum(n.cache_read_tokens), 0)::bigint::text as "cacheReadTokens",
      coalesce(sum(n.cache_write_tokens), 0)::bigint::text as "cacheWriteTokens"
    from (
      select ${nameBy(options.by, options.timeZone)} as name, u.* from usage u left join agents a on a.id = u.agent_id
      where (${since}::timestamptz is null or u.created_at >= ${since}) and (${until}::timestamptz is null or u.created_at < ${until})
        and (${options.by} <> 'key' or u.key_id is not null)
    ) n
    group by n.name order by coalesce(sum(coalesce(n.charged_micro_usd, n.cost_micro_usd)), 0) desc, n.name
    limit ${options.limit}`.execute(tx.queries);
  return found.rows;
}

interface CallRow extends Omit<ModelCall, "at"> {
  created_at: Date;
}

/** Model calls, newest first: of an agent with what was started for it, of a task with those below it. */
export async function selectCalls(
  tx: Tx,
  filter: { agent?: string | undefined; task?: string | undefined; before?: string | undefined; limit: number },
): Promise<ModelCall[]> {
  const parts = [
    filter.agent === undefined
      ? sql``
      : sql`and (select r.name from line join agents r on r.id = line.root where line.id = u.agent_id) = ${filter.agent}`,
    filter.task === undefined ? sql`` : sql`and (select tree.root from tree where tree.id = u.task_id) = ${filter.task}`,
    filter.before === undefined ? sql`` : sql`and u.id < ${filter.before}`,
  ];
  const found = await sql<CallRow>`with ${roots}
    select u.id, u.created_at, a.name as agent, (select k.name from gateway_keys k where k.id = u.key_id) as key, u.run_id as run,
      u.task_id as task, u.model, u.upstream, u.status, u.input_tokens as "inputTokens", u.output_tokens as "outputTokens",
      u.cost_micro_usd::text as "costMicroUsd", u.charged_micro_usd::text as "chargedMicroUsd"
    from usage u left join agents a on a.id = u.agent_id where true ${sql.join(parts, sql` `)}
    order by u.id desc limit ${filter.limit}`.execute(tx.queries);
  return found.rows.map(({ created_at, ...row }) => ({ ...row, at: created_at.toISOString() }));
}

/** Budgets that hold now, with their running window. */
export async function selectBudgets(tx: Tx): Promise<BudgetView[]> {
  const found = await sql<
    Omit<BudgetView, "startsAt" | "refusedAt"> & { starts: Date | null; refused: Date | null }
  >`select b.scope, b.target, b.period,
      b.cap_micro_usd::text as "capMicroUsd", coalesce(w.spent_micro_usd, 0)::text as "spentMicroUsd",
      coalesce(w.reserved_micro_usd, 0)::text as "reservedMicroUsd", w.starts_at as starts, w.refused_at as refused
    from budgets b left join budget_windows w
      on w.budget_id = b.id and w.starts_at = aito_window_start(b.period, b.time_zone, ${tx.now})
    left join tasks t on b.scope = 'task' and t.id = b.id
    where b.ended_at is null and (b.scope <> 'task' or t.status in ('blocked', 'pending', 'running'))
    order by array_position(array['company', 'client', 'department', 'agent', 'key', 'task'], b.scope::text), b.target, b.period
    limit 500`.execute(tx.queries);
  return found.rows.map(({ starts, refused, ...row }) => ({
    ...row,
    startsAt: starts?.toISOString() ?? null,
    refusedAt: refused?.toISOString() ?? null,
  }));
}

export async function selectSuccess(tx: Tx, by: SuccessCut, since: Date | null): Promise<SuccessRow[]> {
  const of = {
    agent: sql`select r.name, e.status in ('done', 'nothing_new') as ok from runs e
      join agents a on a.id = e.agent_id left join agents p on p.id = a.parent_agent_id
      cross join lateral (select coalesce(p.name, a.name) as name) r
      where e.status <> 'running' and (${since}::timestamptz is null or e.started_at >= ${since})`,
    tool: sql`select e.tool as name, e.ok from receipts e where (${since}::timestamptz is null or e.created_at >= ${since})`,
    task: sql`select coalesce(e.worker_type, 'own work') as name, e.status = 'done' as ok from tasks e
      where e.status in ('done', 'failed') and (${since}::timestamptz is null or e.created_at >= ${since})`,
  }[by];
  const found = await sql<SuccessRow>`select name, (count(*) filter (where ok))::int as succeeded,
      (count(*) filter (where not ok))::int as failed
    from (${of}) e group by name order by count(*) filter (where not ok) desc, name limit 500`.execute(tx.queries);
  return found.rows;
}

/** What models were paid for this task and those below it; `microUsd` is what is known. */
export async function selectCostBelow(
  tx: Tx,
  taskId: string,
): Promise<{ calls: number; microUsd: string; unknownCalls: number }> {
  const found = await sql<{ calls: number; microUsd: string; unknownCalls: number }>`with recursive below as (
      select id from tasks where id = ${taskId}
      union select t.id from tasks t join below on t.parent_task_id = below.id)
    select count(*)::int as calls, coalesce(sum(u.cost_micro_usd), 0)::bigint::text as "microUsd",
      (count(*) filter (where u.cost_micro_usd is null))::int as "unknownCalls"
    from usage u where u.task_id in (select id from below)`.execute(tx.queries);
  return found.rows[0]!;
}
