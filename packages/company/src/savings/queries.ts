import type { Tx } from "@aito/db";
import { sql } from "kysely";
import type { ModelUse, Records, Runs } from "./rules.ts";

/**
 * Model calls with a known cost of standing agents, by agent and model; paid calls of tools stand in the same table. They are summed up before
 * they are named: there are many calls, and few agents.
 */
export async function selectModelUses(tx: Tx, since: Date): Promise<ModelUse[]> {
  const found = await sql<Record<"agent" | "model" | "tokens" | "output" | "micro", string> & { head: boolean; calls: number }>`
    select a.name as agent, a.is_head as head, u.model, u.calls, u.tokens, u.output, u.micro from (
      select u.agent_id, u.model, count(*)::int as calls,
        coalesce(sum(coalesce(u.input_tokens, 0) + coalesce(u.output_tokens, 0)), 0)::bigint::text as tokens,
        coalesce(sum(u.output_tokens), 0)::bigint::text as output, coalesce(sum(u.cost_micro_usd), 0)::bigint::text as micro
      from usage u where u.created_at >= ${since} and u.cost_micro_usd is not null and u.model not like 'tool:%'
      group by u.agent_id, u.model) u
    join agents a on a.id = u.agent_id where a.kind = 'agent' order by a.name, u.model limit 1000`.execute(tx.queries);
  return found.rows.map(({ agent, head, model, calls, tokens, output, micro }) => ({
    agent,
    head,
    model,
    calls,
    tokens: BigInt(tokens),
    outputTokens: BigInt(output),
    microUsd: BigInt(micro),
  }));
}

/** What one model's tokens cost in this company. */
export async function selectModelPrice(tx: Tx, model: string, since: Date): Promise<Records["cheap"]> {
  const found = await sql<{ calls: number; tokens: string; micro: string }>`select count(*)::int as calls,
      coalesce(sum(coalesce(input_tokens, 0) + coalesce(output_tokens, 0)), 0)::bigint::text as tokens,
      coalesce(sum(cost_micro_usd), 0)::bigint::text as micro
    from usage where model = ${model} and created_at >= ${since} and cost_micro_usd is not null`.execute(tx.queries);
  const { calls, tokens, micro } = found.rows[0]!;
  return { model, calls, tokens: BigInt(tokens), microUsd: BigInt(micro) };
}

export async function selectRunsOf(tx: Tx, since: Date): Promise<Runs[]> {
  const found = await sql<{ agent: string; ended: number; succeeded: number; nothing: number; micro: string }>`
    select a.name as agent, count(*)::int as ended,
      (count(*) filter (where r.status in ('done', 'nothing_new')))::int as succeeded,
      (count(*) filter (where r.status = 'nothing_new'))::int as nothing,
      coalesce(sum(c.micro) filter (where r.status = 'nothing_new'), 0)::bigint::text as micro
    from runs r join agents a on a.id = r.agent_id
      left join (select run_id, sum(cost_micro_usd) as micro from usage where created_at >= ${since} and run_id in (select id from runs
        where started_at >= ${since} and status = 'nothing_new') group by run_id) c on c.run_id = r.id
    where r.started_at >= ${since} and r.status <> 'running' and a.kind = 'agent'
    group by a.name order by a.name limit 500`.execute(tx.queries);
  return found.rows.map(({ nothing, micro, ...row }) => ({ ...row, nothingNew: nothing, nothingNewMicroUsd: BigInt(micro) }));
}

/** Calls whose whole request had been made before, by standing agent; only where calls are recorded. */
export async function selectRepeats(tx: Tx, since: Date): Promise<Records["repeats"]> {
  const found = await sql<{ agent: string; calls: number; micro: string }>`select coalesce(p.name, a.name) as agent,
      count(*)::int as calls, coalesce(sum(u.cost_micro_usd), 0)::bigint::text as micro
    from (select id, row_number() over (partition by request_sha256 order by created_at, id) as nth from recordings
      where created_at >= ${since}) r
      join usage u on u.id = r.id join agents a on a.id = u.agent_id left join agents p on p.id = a.parent_agent_id
    where r.nth > 1 group by 1 order by 1 limit 500`.execute(tx.queries);
  return found.rows.map(({ agent, calls, micro }) => ({ agent, calls, microUsd: BigInt(micro) }));
}

/** How long containers stood since then and how long a run was open in them: workers by type, standing agents by name. */
export async function selectContainers(tx: Tx, since: Date): Promise<Records["containers"]> {
  const found = await sql<{ subject: string; worker: boolean; stood: string; worked: string; runs: number }>`
    with own as (select id, kind = 'worker' as worker, case when kind = 'worker' then type else name end as subject from agents
        where kind = 'worker' or desired = 'running'),
    stood as (select o.subject, o.worker, sum(extract(epoch from coalesce(l.ended_at, ${tx.now}) - greatest(l.started_at, ${since})) * 1000)
        as ms from container_lives l join own o on o.id = l.agent_id
      where l.started_at < ${tx.now} and (l.ended_at is null or l.ended_at > ${since}) group by o.subject, o.worker),
    worked as (select o.subject, o.worker, count(*)::int as runs,
        sum(extract(epoch from coalesce(r.ended_at, ${tx.now}) - greatest(r.started_at, ${since})) * 1000) as ms
      from runs r join own o on o.id = r.agent_id
      where r.started_at < ${tx.now} and (r.ended_at is null or r.ended_at > ${since}) group by o.subject, o.worker)
    select s.subject, s.worker, round(s.ms)::bigint::text as stood, round(least(coalesce(w.ms, 0), s.ms))::bigint::text as worked,
      coalesce(w.runs, 0) as runs
    from stood s left join worked w on w.subject = s.subject and w.worker = s.worker order by s.subject limit 500`.execute(
    tx.queries,
  );
  return found.rows.map(({ stood, worked, ...row }) => ({ ...row, stoodMs: BigInt(stood), workedMs: BigInt(worked) }));
}

export interface SuggestedRow {
  id: string;
  title: string;
  status: string;
  created_at: Date;
}

/** Savings that were suggested since then, by their titles, the newest first. */
export async function selectSuggested(tx: Tx, kind: string, since: Date): Promise<SuggestedRow[]> {
  const found = await sql<SuggestedRow>`select id, title, status, created_at from ideas
    where kind = ${kind} and created_at >= ${since} order by id desc limit 500`.execute(tx.queries);
  return found.rows;
}

/** One suggests at a time: two who look at once would make the same idea twice. */
export async function lockSuggestions(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('aito savings'), hashtext(${tx.companyId}))`.execute(tx.queries);
}
