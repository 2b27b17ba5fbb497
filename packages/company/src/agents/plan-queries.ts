import { often, type Tx } from "@aito/db";
import { sql } from "kysely";

export interface PlanRow {
  now_do: string;
  now_why: string;
  now_since: Date;
  acted_do: string | null;
  acted_why: string | null;
  acted_at: Date | null;
}

/** The same plan again keeps its `since`. */
export async function upsertPlan(tx: Tx, step: { agentId: string; do: string; why: string; acted: boolean }): Promise<void> {
  const acted = step.acted ? { do: step.do, why: step.why, at: tx.now } : { do: null, why: null, at: null };
  await sql`insert into agent_plans as p (company_id, agent_id, now_do, now_why, now_since, acted_do, acted_why, acted_at)
    values (${tx.companyId}, ${step.agentId}, ${step.do}, ${step.why}, ${tx.now}, ${acted.do}, ${acted.why}, ${acted.at}::timestamptz)
    on conflict (agent_id) do update set now_do = excluded.now_do, now_why = excluded.now_why,
      now_since = case when (p.now_do, p.now_why) = (excluded.now_do, excluded.now_why) then p.now_since else excluded.now_since end,
      acted_do = coalesce(excluded.acted_do, p.acted_do), acted_why = coalesce(excluded.acted_why, p.acted_why),
      acted_at = coalesce(excluded.acted_at, p.acted_at)`.execute(tx.queries);
}

export async function selectPlan(tx: Tx, agentId: string): Promise<PlanRow | null> {
  const found = await sql<PlanRow>`select now_do, now_why, now_since, acted_do, acted_why, acted_at from agent_plans
    where agent_id = ${agentId}`.execute(tx.queries);
  return found.rows[0] ?? null;
}

export interface OpenRunRow {
  id: string;
  started_at: Date;
  reasons: { text: string }[];
  lease_until: Date | null;
  deadline_at: Date | null;
}

export async function selectOpenRun(tx: Tx, agentId: string): Promise<OpenRunRow | null> {
  const found = await sql<OpenRunRow>`select id, started_at, reasons, lease_until, deadline_at from runs
    where agent_id = ${agentId} and status = 'running' order by started_at desc limit 1`.execute(tx.queries);
  return found.rows[0] ?? null;
}

const waitingMax = 10;

/** The agent's unclaimed work, what it would be given first at the top. */
export async function selectWaiting(
  tx: Tx,
  agentId: string,
): Promise<{ reason: string; created_at: Date; available_at: Date }[]> {
  const found = await sql<{
    reason: string;
    created_at: Date;
    available_at: Date;
  }>`select reason, created_at, available_at from work
    where agent_id = ${agentId} and done_at is null and run_id is null order by priority desc, available_at limit ${waitingMax}`.execute(
    tx.queries,
  );
  return found.rows;
}

/** Of each agent: the lease of its open run, and whether its current incarnation still has a session. */
export async function selectLives(
  tx: Tx,
): Promise<Map<string, { leaseUntil: Date | null; hasSession: boolean; profileDigest: string }>> {
  const found = await often(sql<{
    id: string;
    lease_until: Date | null;
    has_session: boolean;
    profile_digest: string;
  }>`select a.id,
      (select max(r.lease_until) from runs r where r.agent_id = a.id and r.status = 'running') as lease_until,
      exists (select 1 from sessions s where s.agent_id = a.id and s.epoch = a.epoch and s.revoked_at is null) as has_session,
      md5(a.profile_markdown) as profile_digest
    from agents a where a.desired <> 'gone' or a.status <> 'inactive'`).execute(tx.queries);
  return new Map(
    found.rows.map((row) => [
      row.id,
      { leaseUntil: row.lease_until, hasSession: row.has_session, profileDigest: row.profile_digest },
    ]),
  );
}
