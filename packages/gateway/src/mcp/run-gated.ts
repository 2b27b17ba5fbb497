import { argumentsDigest, useGate } from "@aito/company";
import type { ReceiptOf } from "./receipt-of.ts";
import type { GatedTool, ToolCall } from "./tool.ts";

/** A dangerous call's own arguments: which decision releases it is not part of what it does. */
export function actionArguments(input: Record<string, unknown>): Record<string, unknown> {
  const { decision_id: _, ...own } = input;
  return own;
}

/**
 * Runs a dangerous call through the gate, which writes its receipt in the transaction of its outcome. In shadow mode the answer says
 * that nothing was done.
 */
export async function runGated(
  tool: GatedTool,
  call: ToolCall,
  input: Record<string, unknown>,
  receipt: ReceiptOf,
): Promise<Record<string, unknown>> {
  const named = input["decision_id"];
  const gated = await useGate(
    call.context.deps,
    call.session,
    {
      tool: tool.name,
      argumentsDigest: argumentsDigest(actionArguments(input)),
      amountMicroUsd: tool.costMicroUsd(input),
      decisionId: typeof named === "string" ? named : null,
      summary: tool.summary(input),
      receiptId: call.receiptId,
      receipt: (unit, { status, result }) => receipt.writeIn(unit, { status, body: result }),
    },
    (unit, permission) => tool.effect(unit, permission, input),
  );
  return gated.ran ? gated.result : { shadow: true, would_have: tool.summary(input) };
}
