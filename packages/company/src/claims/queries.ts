import type { Tx } from "@aito/db";
import type { Claim, Mark } from "@aito/protocol";
import { sql } from "kysely";
import type { ClaimVerdict } from "./check-claim.ts";

export async function insertReport(
  tx: Tx,
  report: {
    id: string;
    agentId: string;
    taskId: string | null;
    runId: string | null;
    receiptId: string | null;
    text: string;
    finishes: boolean;
    refusal: string | null;
    marks: readonly Mark[];
  },
): Promise<void> {
  await sql`insert into reports (id, company_id, agent_id, task_id, run_id, receipt_id, text, finishes, accepted, refusal, marks, created_at)
    values (${report.id}, ${tx.companyId}, ${report.agentId}, ${report.taskId}, ${report.runId}, ${report.receiptId}, ${report.text},
      ${report.finishes}, ${report.refusal === null}, ${report.refusal}, ${JSON.stringify(report.marks)}::jsonb, ${tx.now})`.execute(
    tx.queries,
  );
}

export async function insertClaim(
  tx: Tx,
  row: {
    id: string;
    reportId: string | null;
    agentId: string;
    taskId: string | null;
    claim: Claim;
    verdict: ClaimVerdict;
    source: string | null;
  },
): Promise<void> {
  const { claim, verdict } = row;
  await sql`insert into claims (id, company_id, report_id, agent_id, task_id, metric, value, unit, period_from, period_to, entity, receipts,
      verified, why, observed_at, source, created_at)
    values (${row.id}, ${tx.companyId}, ${row.reportId}, ${row.agentId}, ${row.taskId}, ${claim.metric}, ${claim.value}, ${claim.unit},
      ${claim.period?.from ?? null}, ${claim.period?.to ?? null}, ${claim.entity}, ${[...claim.receipts]}::text[],
      ${verdict.verdict === "supported"}, ${verdict.why}, ${verdict.fact?.observedAt ?? null}, ${row.source}, ${tx.now})`.execute(
    tx.queries,
  );
}

export interface ClaimRow {
  id: string;
  agent: string;
  agent_id: string;
  task_id: string | null;
  metric: string;
  value: string;
  unit: string;
  period_from: Date | null;
  period_to: Date | null;
  entity: string;
  receipts: string[];
  verified: boolean;
  why: string | null;
  observed_at: Date | null;
  source: string | null;
  created_at: Date;
  /** The task that settles a contradiction with another agent's claim, while it is open. */
  disputed_in: string | null;
  entity_title: string | null;
}

const uuid = "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$";
const claimRow = sql`select c.*, a.name as agent,
    (select e.title from tasks e where e.id = case when c.entity ~ ${uuid} then c.entity::uuid end) as entity_title, (select x.task_id from contradictions x left join tasks t on t.id = x.task_id
      where (x.first_claim = c.id or x.second_claim = c.id) and t.status in ('blocked', 'pending', 'running') limit 1) as disputed_in
    from claims c join agents a on a.id = c.agent_id`;

export async function selectClaimsCiting(tx: Tx, receiptId: string, limit: number): Promise<ClaimRow[]> {
  const found =
    await sql<ClaimRow>`${claimRow} where c.receipts @> array[${receiptId}]::text[] order by c.id desc limit ${limit}`.execute(
      tx.queries,
    );
  return found.rows;
}

export async function selectClaimsOfTask(tx: Tx, taskId: string, limit: number): Promise<ClaimRow[]> {
  const found = await sql<ClaimRow>`${claimRow} where c.task_id = ${taskId} order by c.id desc limit ${limit}`.execute(
    tx.queries,
  );
  return found.rows;
}

/** Newest first: since then, of one agent, of one kind. */
export async function selectClaims(
  tx: Tx,
  filter: { since: Date; agentIds?: readonly string[] | undefined; verified?: boolean | undefined; limit: number },
): Promise<ClaimRow[]> {
  const parts = [
    filter.agentIds ? sql`and c.agent_id = any(${[...filter.agentIds]}::uuid[])` : sql``,
    filter.verified === undefined ? sql`` : sql`and c.verified = ${filter.verified}`,
  ];
  const found = await sql<ClaimRow>`${claimRow} where c.created_at >= ${filter.since} ${sql.join(parts, sql` `)}
    order by c.id desc limit ${filter.limit}`.execute(tx.queries);
  return found.rows;
}

/** Verified claims of other agents on the same metric, entity and period. */
export async function selectRivals(tx: Tx, of: { claim: Claim; agentId: string; limit: number }): Promise<ClaimRow[]> {
  const { period } = of.claim;
  const same = period
    ? sql`c.period_from = ${period.from}::timestamptz and c.period_to = ${period.to}::timestamptz`
    : sql`c.period_from is null`;
  const found = await sql<ClaimRow>`${claimRow} where c.metric = ${of.claim.metric} and c.entity = ${of.claim.entity} and ${same}
    and c.verified and c.agent_id <> ${of.agentId} order by c.id desc limit ${of.limit}`.execute(tx.queries);
  return found.rows;
}

export async function insertContradiction(
  tx: Tx,
  row: { id: string; first: string; second: string; taskId: string | null },
): Promise<void> {
  await sql`insert into contradictions (id, company_id, first_claim, second_claim, task_id, created_at)
    values (${row.id}, ${tx.companyId}, ${row.first}, ${row.second}, ${row.taskId}, ${tx.now}) on conflict do nothing`.execute(
    tx.queries,
  );
}

export async function selectOpenFinding(tx: Tx, findingKey: string): Promise<string | null> {
  const found = await sql<{ id: string }>`select id from tasks where finding_key = ${findingKey}
    and status in ('blocked', 'pending', 'running')`.execute(tx.queries);
  return found.rows[0]?.id ?? null;
}
