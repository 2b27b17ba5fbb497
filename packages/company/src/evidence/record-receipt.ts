import { createHmac } from "node:crypto";
import { canonicalJson } from "@aito/base";
import type { AgentSession } from "../agents/session.ts";
import { type CompanyDeps, transact } from "../company.ts";
import { insertReceipt } from "./queries.ts";

export interface NewReceipt {
  /** Where the call itself needed to name it; else a new one. */
  id?: string;
  tool: string;
  /** SHA-256 of the canonical JSON of the arguments. */
  argumentsDigest: string;
  ok: boolean;
  /** Small JSON; what is larger is cut by the caller. */
  result: unknown;
  durationMs: number;
  run: string | null;
}

/** Stores the gateway's signed record of one tool call. The signature covers who, in which epoch, what, with which arguments, and how it ended. */
export async function recordReceipt(
  deps: CompanyDeps,
  session: AgentSession,
  receipt: NewReceipt,
  receiptKey: string,
): Promise<{ id: string; signature: string }> {
  return await transact(deps, async (unit) => {
    const id = receipt.id ?? unit.newId();
    const signed = canonicalJson({
      id,
      agent: session.agent,
      epoch: session.epoch,
      tool: receipt.tool,
      arguments: receipt.argumentsDigest,
      ok: receipt.ok,
      at: unit.now.toISOString(),
    });
    const signature = createHmac("sha256", receiptKey).update(signed).digest("hex");
    await insertReceipt(unit, {
      id,
      agentId: session.agentId,
      epoch: session.epoch,
      runId: receipt.run,
      taskId: session.taskId,
      tool: receipt.tool,
      argumentsDigest: receipt.argumentsDigest,
      ok: receipt.ok,
      result: receipt.result,
      durationMs: Math.round(receipt.durationMs),
      signature,
    });
    return { id, signature };
  });
}
