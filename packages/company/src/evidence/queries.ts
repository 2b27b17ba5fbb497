import type { Tx } from "@aito/db";
import { sql } from "kysely";

export async function insertReceipt(
  tx: Tx,
  receipt: {
    id: string;
    agentId: string;
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
  await sql`insert into receipts (id, company_id, agent_id, run_id, task_id, tool, arguments_digest, ok, result, duration_ms, signature,
      created_at)
    values (${receipt.id}, ${tx.companyId}, ${receipt.agentId}, ${receipt.runId}, ${receipt.taskId}, ${receipt.tool},
      ${receipt.argumentsDigest}, ${receipt.ok}, ${JSON.stringify(receipt.result)}::jsonb, ${receipt.durationMs}, ${receipt.signature},
      ${tx.now})`.execute(tx.queries);
}
