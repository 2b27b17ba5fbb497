import type { Tx } from "@aito/db";
import { sql } from "kysely";
import type { HourOfCalls } from "./rules.ts";

export interface HourRow extends HourOfCalls {
  agent: string;
  /** Hours before now: 0 is the last one. */
  ago: number;
}

/** Calls by standing agent (its workers with it) and hour before now. A cost that is not known counts with what was charged. */
export async function selectHours(tx: Tx, hours: number): Promise<HourRow[]> {
  const since = new Date(tx.now.getTime() - hours * 3_600_000);
  const found = await sql<HourRow>`select coalesce(p.name, a.name) as agent,
      floor(extract(epoch from ${tx.now}::timestamptz - u.created_at) / 3600)::int as ago,
      coalesce(sum(coalesce(u.cost_micro_usd, u.charged_micro_usd)), 0)::float8 as "microUsd", count(*)::int as calls,
      (count(*) filter (where u.status >= 400))::int as failed,
      coalesce(percentile_cont(0.5) within group (order by u.duration_ms) filter (where u.model not like 'tool:%'),
        percentile_cont(0.5) within group (order by u.duration_ms))::float8 as "durationMs"
    from usage u join agents a on a.id = u.agent_id left join agents p on p.id = a.parent_agent_id
    where u.created_at > ${since} and u.created_at <= ${tx.now} group by 1, 2 order by 1, 2 desc`.execute(tx.queries);
  return found.rows;
}

/** Starts of the last runs of standing agents that are to run, newest first. */
export async function selectRunStarts(tx: Tx, perAgent: number): Promise<{ agent: string; startedAt: Date }[]> {
  const found = await sql<{ agent: string; startedAt: Date }>`select a.name as agent, r.started_at as "startedAt" from agents a
    cross join lateral (select started_at from runs where agent_id = a.id order by started_at desc limit ${perAgent}) r
    where a.kind = 'agent' and a.desired = 'running' and a.status = 'active' order by a.name, r.started_at desc`.execute(
    tx.queries,
  );
  return found.rows;
}

export async function selectOpenAnomalies(tx: Tx): Promise<string[]> {
  const found = await sql<{ subject: string }>`select subject from alerts where kind = 'anomaly' and closed_at is null`.execute(
    tx.queries,
  );
  return found.rows.map((row) => row.subject);
}
