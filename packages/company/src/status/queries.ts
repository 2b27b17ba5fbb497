import type { Tx } from "@aito/db";
import { type RawBuilder, sql } from "kysely";

export interface FigureRow {
  name: string;
  /** The labels' values, in the order of the metric's labels. */
  a: string | null;
  b: string | null;
  value: number;
}

const one = (name: string, value: RawBuilder<unknown>, from: RawBuilder<unknown>): RawBuilder<unknown> =>
  sql`select ${sql.lit(name)} as name, null as a, null as b, (${value})::float8 as value from ${from}`;
const by = (name: string, label: RawBuilder<unknown>, from: RawBuilder<unknown>, value = sql`count(*)`): RawBuilder<unknown> =>
  sql`select ${sql.lit(name)}, (${label})::text, null, (${value})::float8 from ${from} group by 2`;
const by2 = (
  name: string,
  labels: [RawBuilder<unknown>, RawBuilder<unknown>],
  from: RawBuilder<unknown>,
  value = sql`count(*)`,
): RawBuilder<unknown> =>
  sql`select ${sql.lit(name)}, (${labels[0]})::text, (${labels[1]})::text, (${value})::float8 from ${from} group by 2, 3`;

async function read(tx: Tx, parts: RawBuilder<unknown>[]): Promise<FigureRow[]> {
  return (await sql<FigureRow>`${sql.join(parts, sql` union all `)}`.execute(tx.queries)).rows;
}

/** Seconds since the oldest of a column's times; 0 without any. */
const oldest = (tx: Tx, column: string): RawBuilder<unknown> =>
  sql`coalesce(greatest(0, extract(epoch from ${tx.now}::timestamptz - min(${sql.ref(column)}))), 0)`;

export const orchestratorFigures = (tx: Tx): Promise<FigureRow[]> => {
  const here = sql`agents where not (kind = 'worker' and desired = 'gone' and status = 'inactive' and container_id is null)`;
  const waiting = sql`work where done_at is null and run_id is null and available_at <= ${tx.now}`;
  const unpublished = sql`outbox where published_at is null`;
  return read(tx, [
    one(
      "aito_agents_quarantined",
      sql`count(*)`,
      sql`agents where status = 'error' and retry_at is null and desired = 'running'`,
    ),
    by("aito_agents", sql`status`, here),
    one("aito_agent_restarts_total", sql`coalesce(sum(restarts), 0)`, sql`agents`),
    by("aito_queue_waiting", sql`kind`, waiting),
    one("aito_queue_oldest_seconds", oldest(tx, "available_at"), waiting),
    by("aito_runs_total", sql`status`, sql`runs where status <> 'running'`),
    by("aito_decisions_total", sql`status`, sql`decisions`),
    by("aito_tasks", sql`status`, sql`tasks`),
    one("aito_outbox_waiting", sql`count(*)`, unpublished),
    one("aito_outbox_oldest_seconds", oldest(tx, "created_at"), unpublished),
    one("aito_events_unsealed", sql`count(*)`, sql`events where seq is null`),
  ]);
};

export const gatewayFigures = (tx: Tx): Promise<FigureRow[]> =>
  read(tx, [
    one(
      "aito_sessions_live",
      sql`count(*)`,
      sql`sessions s join agents a on a.id = s.agent_id and a.epoch = s.epoch where s.hello_at is not null and s.revoked_at is null`,
    ),
    by2("aito_model_calls_total", [sql`model`, sql`status`], sql`usage`),
    by("aito_model_cost_usd_total", sql`model`, sql`usage`, sql`coalesce(sum(cost_micro_usd), 0) / 1e6`),
    by("aito_model_cost_unknown_total", sql`model`, sql`usage where cost_micro_usd is null`),
    by2(
      "aito_model_tokens_total",
      [sql`model`, sql`'in'`],
      sql`usage`,
      sql`coalesce(sum(coalesce(input_tokens, 0) + coalesce(cache_write_tokens, 0) + coalesce(cache_read_tokens, 0)), 0)`,
    ),
    by2("aito_model_tokens_total", [sql`model`, sql`'out'`], sql`usage`, sql`coalesce(sum(output_tokens), 0)`),
    by2("aito_tool_calls_total", [sql`tool`, sql`ok`], sql`receipts`),
  ]);

export const consoleFigures = (tx: Tx): Promise<FigureRow[]> =>
  read(tx, [
    one("aito_escalations_waiting", sql`count(*)`, sql`escalations where status = 'waiting'`),
    one("aito_escalation_oldest_seconds", oldest(tx, "created_at"), sql`escalations where status = 'waiting'`),
    one("aito_alerts_open", sql`count(*)`, sql`alerts where closed_at is null`),
  ]);

/** What waits on each desk and no run has taken yet, the longest first. */
export async function selectQueues(tx: Tx): Promise<{ agent: string; waiting: number; oldest: Date }[]> {
  const found = await sql<{ agent: string; waiting: number; oldest: Date }>`select a.name as agent, count(*)::int as waiting,
      min(w.created_at) as oldest
    from work w join agents a on a.id = w.agent_id
    where w.done_at is null and w.run_id is null and w.available_at <= ${tx.now} and a.desired <> 'gone'
    group by a.name order by count(*) desc, a.name`.execute(tx.queries);
  return found.rows;
}
