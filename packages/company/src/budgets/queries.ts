import type { Tx } from "@aito/db";
import { sql } from "kysely";

export interface NewUsage {
  agentId: string;
  epoch: number;
  runId: string | null;
  taskId: string | null;
  model: string;
  upstream: string;
  status: number;
  /** Null where the upstream did not say: unknown is never 0. */
  inputTokens: number | null;
  outputTokens: number | null;
  cacheWriteTokens: number | null;
  cacheReadTokens: number | null;
  costMicroUsd: bigint | null;
  durationMs: number;
}

export async function insertUsage(tx: Tx, id: string, usage: NewUsage): Promise<void> {
  await sql`insert into usage (id, company_id, agent_id, run_id, task_id, epoch, model, upstream, status, input_tokens, output_tokens,
      cache_write_tokens, cache_read_tokens, cost_micro_usd, duration_ms, created_at)
    values (${id}, ${tx.companyId}, ${usage.agentId}, ${usage.runId}, ${usage.taskId}, ${usage.epoch}, ${usage.model}, ${usage.upstream},
      ${usage.status}, ${usage.inputTokens}, ${usage.outputTokens}, ${usage.cacheWriteTokens}, ${usage.cacheReadTokens},
      ${usage.costMicroUsd}, ${usage.durationMs}, ${tx.now})`.execute(tx.queries);
}
