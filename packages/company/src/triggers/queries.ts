import type { Tx } from "@aito/db";
import { sql } from "kysely";

export interface FiringRow {
  id: string;
  rule_key: string;
  kind: string;
  subject: string;
  detail: string;
  decision_id: string | null;
  fired_at: Date;
  cleared_at: Date | null;
}

/** Firings whose condition still held, and those since `since`. */
export async function selectFirings(tx: Tx, since: Date): Promise<FiringRow[]> {
  const found = await sql<FiringRow>`select * from trigger_firings where cleared_at is null or fired_at > ${since}
    order by fired_at desc`.execute(tx.queries);
  return found.rows;
}

/** False when another checker was faster. */
export async function insertFiring(
  tx: Tx,
  row: { id: string; ruleKey: string; kind: string; subject: string; detail: string },
): Promise<boolean> {
  const found = await sql`insert into trigger_firings (id, company_id, rule_key, kind, subject, detail, fired_at)
    values (${row.id}, ${tx.companyId}, ${row.ruleKey}, ${row.kind}, ${row.subject}, ${row.detail}, ${tx.now})
    on conflict do nothing returning id`.execute(tx.queries);
  return found.rows.length > 0;
}

export async function setFiringDecision(tx: Tx, id: string, decisionId: string): Promise<void> {
  await sql`update trigger_firings set decision_id = ${decisionId} where id = ${id}`.execute(tx.queries);
}

export async function clearFirings(tx: Tx, ids: string[]): Promise<void> {
  if (ids.length === 0) return;
  await sql`update trigger_firings set cleared_at = ${tx.now} where id = any(${ids}::uuid[])`.execute(tx.queries);
}

/** Agents that are wanted and will not be started again by themselves; a restart by hand forgets their failures. */
export async function selectQuarantined(tx: Tx): Promise<{ agent: string; reason: string }[]> {
  const found = await sql<{
    agent: string;
    reason: string;
  }>`select name as agent, coalesce(status_reason, 'given up') as reason from agents
    where status = 'error' and retry_at is null and failures > 0 and desired = 'running' order by name`.execute(tx.queries);
  return found.rows;
}
