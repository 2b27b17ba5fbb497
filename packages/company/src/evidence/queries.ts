import type { Tx } from "@aito/db";
import { sql } from "kysely";

export async function insertReceipt(
  tx: Tx,
  receipt: {
    id: string;
    agentId: string;
    epoch: number;
    runId: string | null;
    taskId: string | null;
    tool: string;
    argumentsDigest: string;
    ok: boolean;
    result: unknown;
    durationMs: number;
    signature: string;
  },
): Promise<void> {
  await sql`insert into receipts (id, company_id, agent_id, epoch, run_id, task_id, tool, arguments_digest, ok, result, duration_ms, signature,
      created_at)
    values (${receipt.id}, ${tx.companyId}, ${receipt.agentId}, ${receipt.epoch}, ${receipt.runId}, ${receipt.taskId}, ${receipt.tool},
      ${receipt.argumentsDigest}, ${receipt.ok}, ${JSON.stringify(receipt.result)}::jsonb, ${receipt.durationMs}, ${receipt.signature},
      ${tx.now})`.execute(tx.queries);
}

export interface ReceiptRow {
  id: string;
  agent: string;
  tool: string;
  ok: boolean;
  result: unknown;
  created_at: Date;
}

/**
 * What the run that brought a proposal had called until then, oldest first, the proposing call itself left out. The call is found
 * by its result, within `withinSeconds` of the decision's row. Empty for an operator's proposal.
 */
export async function receiptsBehindProposal(
  tx: Tx,
  decision: { id: string; createdAt: Date },
  { withinSeconds, limit }: { withinSeconds: number; limit: number },
): Promise<ReceiptRow[]> {
  const from = new Date(decision.createdAt.getTime() - withinSeconds * 1_000);
  const until = new Date(decision.createdAt.getTime() + withinSeconds * 1_000);
  const found = await sql<ReceiptRow>`with proposing as (
      select run_id, created_at from receipts
      where created_at between ${from} and ${until} and tool = 'propose_decision' and ok and result->>'decision_id' = ${decision.id}
        and run_id is not null
      limit 1)
    select r.id, a.name as agent, r.tool, r.ok, r.result, r.created_at
    from proposing p join receipts r on r.run_id = p.run_id and r.created_at < p.created_at join agents a on a.id = r.agent_id
    order by r.created_at desc, r.id desc limit ${limit}`.execute(tx.queries);
  return found.rows.toReversed();
}

/** Successful calls made under a task, the newest first. */
export async function receiptsOfTask(tx: Tx, taskId: string, limit: number): Promise<string[]> {
  const found = await sql<{ id: string }>`select id from receipts where task_id = ${taskId} and ok
    order by created_at desc, id desc limit ${limit}`.execute(tx.queries);
  return found.rows.map((row) => row.id);
}
