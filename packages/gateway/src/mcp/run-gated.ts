import { argumentsDigest, askedBefore, runBegun, useGate } from "@aito/company";
import type { ReceiptStatus } from "@aito/protocol";
import { outsideOf, splitCall, versionOf } from "./gated-call.ts";
import type { ReceiptOf } from "./receipt-of.ts";
import type { ToolResult } from "./run-tool.ts";
import { classOf, fieldsOf, type GatedTool, isForeign, type ToolCall } from "./tool.ts";

/** `status`: what the call's receipt says of it. */
type GatedResult = ToolResult & { status: ReceiptStatus };

/** A dangerous call's own arguments: what permits it is not part of what it does. */
export function actionArguments(input: Record<string, unknown>): Record<string, unknown> {
  const { decision_id: _, approval_id: __, aito_decision_id: ___, aito_approval_id: ____, aito_for_task: _____, ...own } = input;
  return own;
}

/**
 * Runs an outward call through the gate, which writes its receipt in the transaction of its outcome. In shadow mode the answer says that
 * nothing was done; a call that needs a human is answered with its approval, and its outcome comes as a message.
 */
export async function runGated(
  tool: GatedTool,
  call: ToolCall,
  input: Record<string, unknown>,
  receipt: ReceiptOf,
): Promise<GatedResult> {
  const { context, session, receiptId } = call;
  const split = splitCall(tool, input);
  const fields = fieldsOf(tool);
  const before = input[fields.approval];
  if (typeof before === "string") return told(await askedBefore(context.deps, session, before, split));
  const named = input[fields.decision];
  const summary = tool.summary(input);
  const outside = outsideOf(tool, input, context.signal);
  const { effect } = tool;
  const gated = await useGate(
    context.deps,
    session,
    {
      ...split,
      inputSchema: versionOf(tool).schema,
      risk: tool.risk,
      dataClass: classOf(tool),
      argumentsDigest: argumentsDigest(actionArguments(input)),
      amountMicroUsd: tool.costMicroUsd(input),
      decisionId: typeof named === "string" ? named : null,
      summary,
      receiptId,
      runId: call.run,
      outward: tool.foreign !== undefined,
      taints: isForeign(tool) ? `the tool ${tool.name}` : null,
      outsideLeaseMs: outside?.leaseMs ?? null,
      receipt: (unit, { status, result }) => receipt.writeIn(unit, { status, body: result }),
    },
    effect ? (unit, permission) => effect(unit, permission, input, split.files) : null,
  );
  switch (gated.did) {
    case "ran":
      return { ok: true, status: "succeeded", body: gated.result };
    case "recorded":
      return { ok: true, status: "shadowed", body: { shadow: true, would_have: summary } };
    case "begun": {
      // Its incarnation may be replaced meanwhile: what is written down as begun is carried to its end all the same.
      const { speaker: _, ...deps } = context.deps;
      const ran = await runBegun(deps, { row: gated.approval, outside: outside!, taint: null }, { receiptId });
      if (!ran) return { ok: false, status: "unknown", body: { code: "AITO_OUTCOME_UNKNOWN", approval_id: gated.approval.id } };
      receipt.keep(ran.whole);
      return { ok: ran.ok, status: ran.receipt, body: ran.result };
    }
    case "asked":
      return {
        ok: false,
        status: "refused",
        body: {
          code: "AITO_APPROVAL_NEEDED",
          message: gated.why,
          hint: "a human has been asked, and you are told what comes of it; go on with other work",
          approval_id: gated.approval.id,
          expires_at: gated.approval.expires_at.toISOString(),
        },
      };
    default:
      return gated satisfies never;
  }
}

/** What became of what was asked for before; nothing runs by asking. */
function told(approval: Awaited<ReturnType<typeof askedBefore>>): GatedResult {
  const { id, status, result, error, comment } = approval;
  return {
    ok: status === "done",
    status: "shadowed",
    body: {
      approval_id: id,
      status,
      ...(result === null ? {} : { result }),
      ...(error === null ? {} : { error }),
      ...(comment ? { comment } : {}),
    },
  };
}
