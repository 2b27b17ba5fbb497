import type { Tx } from "@aito/db";
import type { BudgetView, CallCut, CostCut, CostRow, ModelCall, SuccessCut, SuccessRow } from "@aito/protocol";
import { type RawBuilder, sql } from "kysely";

/** Agents with the standing one that they were started for, and tasks with the one that they are below. */
const roots = sql`recursive line as (
    select id, id as root from agents where parent_agent_id is null
    union all select a.id, line.root from agents a join line on a.parent_agent_id = line.id
  ), tree as (
    select id, id as root from tasks where parent_task_id is null
    union all select t.id, tree.root from tasks t join tree on t.parent_task_id = tree.id
  )`;

interface Cut {
  /** What calls are summed up by, of the columns of `usage` u. */
  by: RawBuilder<unknown>;
  /** What such a sum is called, where those columns are u's. */
  name: RawBuilder<unknown>;
}

const agentOf = (column: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`(select a.${column} from agents a where a.id = u.agent_id)`;

function cutBy(cut: Exclude<CostCut, "day">): Cut {
  switch (cut) {
    case "agent":
      return {
        by: sql`u.agent_id`,
        name: sql`(select r.name from line join agents r on r.id = line.root where line.id = u.agent_id)`,
      };
    case "worker":
      return { by: sql`u.agent_id`, name: agentOf(sql`name`) };
    case "epoch":
      return { by: sql`u.agent_id, u.epoch`, name: sql`${agentOf(sql`name`)} || ' #' || u.epoch` };
    case "run":
      return { by: sql`u.run_id`, name: sql`u.run_id::text` };
    case "task":
      return { by: sql`u.task_id`, name: sql`(select tree.root::text from tree where tree.id = u.task_id)` };
    case "client":
      return { by: sql`u.client_id`, name: sql`(select c.slug from clients c where c.id = u.client_id)` };
    case "department":
      return { by: sql`u.agent_id`, name: agentOf(sql`department`) };
    case "model":
      return { by: sql`u.model`, name: sql`u.model` };
    case "upstream":
      return { by: sql`u.upstream`, name: sql`u.upstream` };
    case "action":
      return { by: sql`u.action`, name: sql`u.action` };
    case "key":
      // A name stands for one key at a time.
      return { by: sql`u.key_id`, name: sql`(select k.name from gateway_keys k where k.id = u.key_id)` };
    default:
      return cut satisfies never;
  }
}

interface Asked {
  since: Date | null;
  until: Date | null;
  limit: number;
}

/** Of calls u. */
const sums = sql`count(*) as calls, count(*) filter (where u.status >= 400) as failed, sum(u.cost_micro_usd) as cost,
    count(*) filter (where u.cost_micro_usd is null) as unknown, sum(coalesce(u.charged_micro_usd, u.cost_micro_usd)) as charged,
    sum(u.input_tokens) as input, sum(u.output_tokens) as output, sum(u.cache_read_tokens) as cache_read,
    sum(u.cache_write_tokens) as cache_write`;
const within = ({ since, until }: Asked): RawBuilder<unknown> =>
  sql`(${since}::timestamptz is null or u.created_at >= ${since}) and (${until}::timestamptz is null or u.created_at < ${until})`;

/** Sums of one name, made one row; the dearest first. */
const rowsOf = (
  named: RawBuilder<unknown>,
  limit: number,
): RawBuilder<CostRow> => sql<CostRow>`select n.name, sum(n.calls)::int as calls,
    sum(n.failed)::int as "failedCalls", sum(n.cost)::bigint::text as "costMicroUsd", sum(n.unknown)::int as "unknownCalls",
    coalesce(sum(n.charged), 0)::bigint::text as "chargedMicroUsd", coalesce(sum(n.input), 0)::bigint::text as "inputTokens",
    coalesce(sum(n.output), 0)::bigint::text as "outputTokens", coalesce(sum(n.cache_read), 0)::bigint::text as "cacheReadTokens",
    coalesce(sum(n.cache_write), 0)::bigint::text as "cacheWriteTokens"
  from (${named}) n group by n.name order by coalesce(sum(n.charged), 0) desc, n.name limit ${limit}`;

/** Calls are summed up before their sums are named: there are many calls, and few names. */
export async function selectCosts(tx: Tx, by: Exclude<CostCut, "day">, asked: Asked): Promise<CostRow[]> {
  const cut = cutBy(by);
  const group = { epoch: sql`1, 2`, other: sql`1` }[by === "epoch" ? "epoch" : "other"];
  const named = sql`select ${cut.name} as name, u.* from (
      select ${cut.by}, ${sums} from usage u where ${within(asked)} and (${by} <> 'key' or u.key_id is not null) group by ${group}) u`;
  const found = await sql<CostRow>`with ${roots} ${rowsOf(named, asked.limit)}`.execute(tx.queries);
  return found.rows;
}

/** When a day began in a time zone. */
export async function selectMidnight(tx: Tx, day: string, timeZone: string): Promise<Date> {
  const found = await sql<{ at: Date }>`select ${day}::date::timestamp at time zone ${timeZone} as at`.execute(tx.queries);
  return found.rows[0]!.at;
}

const daysMax = 20_000;

/** The same by the days of a time zone. Each day's calls are those of its span: to work out the day of each call takes longer than to sum it. */
export async function selectCostsByDay(tx: Tx, asked: Asked, timeZone: string): Promise<CostRow[]> {
  const edge = (given: Date | null, found: RawBuilder<unknown>): RawBuilder<unknown> =>
    sql`coalesce(${given}::timestamptz, (select ${found} from usage)) at time zone ${timeZone}`;
  const [first, last] = [edge(asked.since, sql`min(created_at)`), edge(asked.until, sql`max(created_at)`)];
  const days = sql`select day::date as day, day at time zone ${timeZone} as begins, (day::date + 1)::timestamp at time zone ${timeZone} as ends
    from generate_series((${first})::date::timestamp, ${last}, interval '1 day') day
    order by day desc limit ${daysMax}`;
  const named = sql`select to_char(d.day, 'YYYY-MM-DD') as name, s.* from (${days}) d cross join lateral (select ${sums} from usage u
    where u.created_at >= d.begins and u.created_at < d.ends and ${within(asked)}) s where s.calls > 0`;
  return (await rowsOf(named, asked.limit).execute(tx.queries)).rows;
}

interface CallRow extends Omit<ModelCall, "at"> {
  created_at: Date;
}

/** The calls of usage u that a cut names; `line` and `below` are the agent and the task with what was started for them. */
function cutOf({ agent, task, decision, client, department, model, key }: CallCut): RawBuilder<unknown> {
  const conditions = [
    agent !== undefined && sql`u.agent_id in (select id from line)`,
    task !== undefined && sql`u.task_id in (select id from below)`,
    decision !== undefined &&
      sql`u.status < 400 and u.run_id in (select r.id from runs r cross join lateral jsonb_array_elements(r.reasons) as e (reason)
        where e.reason ->> 'ref' = ${decision})`,
    client !== undefined && sql`u.client_id = (select c.id from clients c where c.slug = ${client})`,
    department !== undefined && sql`u.agent_id in (select a.id from agents a where a.department = ${department})`,
    model !== undefined && sql`u.model = ${model}`,
    key !== undefined && sql`u.key_id in (select k.id from gateway_keys k where k.name = ${key})`,
  ].filter((condition) => condition !== false);
  return sql.join([sql`true`, ...conditions], sql` and `);
}

/** Model calls, newest first. */
export async function selectCalls(
  tx: Tx,
  cut: CallCut & { since: Date | null; before?: string | undefined; limit: number },
): Promise<ModelCall[]> {
  const found = await sql<CallRow>`with recursive line as (
      select id from agents where name = ${cut.agent ?? null}
      union select a.id from agents a join line on a.parent_agent_id = line.id
    ), below as (
      select id from tasks where id = ${cut.task ?? null}
      union select t.id from tasks t join below on t.parent_task_id = below.id)
    select u.id, u.created_at, a.name as agent, (select k.name from gateway_keys k where k.id = u.key_id) as key, u.run_id as run,
      u.task_id as task, u.model, u.upstream, u.status, u.input_tokens as "inputTokens", u.output_tokens as "outputTokens",
      u.cost_micro_usd::text as "costMicroUsd", u.charged_micro_usd::text as "chargedMicroUsd"
    from usage u left join agents a on a.id = u.agent_id
    where ${cutOf(cut)} and (${cut.since}::timestamptz is null or u.created_at >= ${cut.since})
      and (${cut.before ?? null}::uuid is null or u.id < ${cut.before ?? null})
    order by u.id desc limit ${cut.limit}`.execute(tx.queries);
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

/** The agent's own model calls: how many, what is known of their cost, and for how many it is not. */
export async function selectCostOf(tx: Tx, agentId: string): Promise<{ calls: number; micro_usd: bigint; unknown: number }> {
  const found = await sql<{ calls: number; micro_usd: string; unknown: number }>`select count(*)::int as calls,
      coalesce(sum(cost_micro_usd), 0)::text as micro_usd, (count(*) filter (where cost_micro_usd is null))::int as unknown
    from usage where agent_id = ${agentId}`.execute(tx.queries);
  const row = found.rows[0]!;
  return { calls: row.calls, micro_usd: BigInt(row.micro_usd), unknown: row.unknown };
}
