import type { Tx } from "@aito/db";
import { sql } from "kysely";

/** A dangerous call that ran. */
export interface ActionRow {
  id: string;
  agent_id: string;
  /** What permitted it: one of a decision, a human's approval, a standing permission. */
  decision_id: string | null;
  approval_id: string | null;
  permission_id: string | null;
  task_id: string | null;
  tool: string;
  arguments_digest: string;
  amount_micro_usd: bigint;
  summary: string;
  /** How it can be undone; null: it cannot. */
  undo: string | null;
  created_at: Date;
}

export async function insertAction(tx: Tx, row: Omit<ActionRow, "created_at"> & { receipt_id: string | null }): Promise<void> {
  await sql`insert into actions (id, company_id, agent_id, decision_id, approval_id, permission_id, task_id, tool, arguments_digest, amount_micro_usd,
      summary, undo, receipt_id, created_at)
    values (${row.id}, ${tx.companyId}, ${row.agent_id}, ${row.decision_id}, ${row.approval_id}, ${row.permission_id}, ${row.task_id}, ${row.tool}, ${row.arguments_digest},
      ${row.amount_micro_usd}, ${row.summary}, ${row.undo}, ${row.receipt_id}, ${tx.now})`.execute(tx.queries);
}

/** The receipt that a call which was permitted by this approval leaves. */
export async function selectReceiptOf(tx: Tx, approvalId: string): Promise<string | null> {
  const found = await sql<{ receipt_id: string | null }>`select receipt_id from actions where approval_id = ${approvalId}
    order by created_at desc limit 1`.execute(tx.queries);
  return found.rows[0]?.receipt_id ?? null;
}

export async function selectActionsOf(tx: Tx, decisionId: string): Promise<ActionRow[]> {
  const found = await sql<ActionRow>`select * from actions where decision_id = ${decisionId} order by created_at, id`.execute(
    tx.queries,
  );
  return found.rows;
}

/** The task of the decision that this agent holds or works on; null where there is none. */
export async function selectOwnTask(tx: Tx, input: { decisionId: string; agentId: string }): Promise<{ id: string } | null> {
  const found = await sql<{ id: string }>`select id from tasks where decision_id = ${input.decisionId}
    and (assigned_to = ${input.agentId} or worker_agent_id = ${input.agentId}) order by created_at limit 1`.execute(tx.queries);
  return found.rows[0] ?? null;
}
