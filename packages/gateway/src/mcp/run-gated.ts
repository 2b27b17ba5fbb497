import { argumentsDigest, askedBefore, runBegun, taintRun, useGate } from "@aito/company";
import type { ReceiptStatus } from "@aito/protocol";
import { outsideOf, splitCall, versionOf } from "./gated-call.ts";
import { heardTooLate, type ReceiptOf } from "./receipt-of.ts";
import type { ToolResult } from "./run-tool.ts";
import type { SetAside } from "../model/paid-calls.ts";
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
  if (typeof before === "string") {
    const asked = await askedBefore(context.deps, session, before, split);
    // What another system said then is read now, by another run than the one that asked.
    if (isForeign(tool) && (asked.result !== null || asked.error !== null))
      await taintRun(context.deps, session, `the tool ${tool.name}`);
    return told(asked);
  }
  const named = input[fields.decision];
  const summary = tool.summary(input);
  const outside = outsideOf(tool, input, context);
  const { effect } = tool;
  const money = await setAside(tool, call, input);
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
      taskId: call.task,
      outward: tool.foreign !== undefined,
      taints: isForeign(tool) ? `the tool ${tool.name}` : null,
      outsideLeaseMs: outside?.leaseMs ?? null,
      receipt: (unit, { status, result }) => receipt.writeIn(unit, { status, body: result }),
    },
    effect ? (unit, permission) => effect(unit, permission, input, split.files) : null,
  ).catch((error: unknown) => {
    money?.settle("nothing");
    throw error;
  });
  switch (gated.did) {
    case "ran":
      money?.settle("paid");
      return { ok: true, status: "succeeded", body: gated.result };
    case "recorded":
      money?.settle("nothing");
      return { ok: true, status: "shadowed", body: { shadow: true, would_have: summary } };
    case "begun":
      return await endBegun(call, { approval: gated.approval, outside: outside!, money, receipt });
    case "asked":
      // Approved, it is paid for as what was approved.
      money?.settle("nothing");
      return {
        ok: false,
        status: "refused",
        body: approvalNeeded(gated.approval, gated.why),
      };
    case "permitted":
      throw new Error(`${tool.name} has no begin of its own`);
    default:
      return gated satisfies never;
  }
}

export const approvalNeeded = (approval: { id: string; expires_at: Date }, why: string): Record<string, unknown> => ({
  code: "AITO_APPROVAL_NEEDED",
  message: why,
  hint: "a human has been asked, and you are told what comes of it; go on with other work",
  approval_id: approval.id,
  expires_at: approval.expires_at.toISOString(),
});

/** Its incarnation may be replaced meanwhile: what is written down as begun is carried to its end all the same. */
async function endBegun(
  { context, receiptId }: ToolCall,
  begun: {
    approval: Parameters<typeof runBegun>[1]["row"];
    outside: Parameters<typeof runBegun>[1]["outside"];
    money: SetAside | null;
    receipt: ReceiptOf;
  },
): Promise<GatedResult> {
  const { approval, outside, money, receipt } = begun;
  const { speaker: _, ...deps } = context.deps;
  const tools: Parameters<typeof runBegun>[2]["tools"] = {
    receipt: (unit, { whole, receipt: status, result }) => {
      receipt.keep(whole);
      return receipt.writeIn(unit, { status, body: result });
    },
  };
  const ran = await runBegun(deps, { row: approval, outside, taint: null }, { receiptId, tools }).catch((error: unknown) => {
    money?.settle("unknown");
    throw error;
  });
  // Whether a refusal is billed only its vendor knows.
  money?.settle(ran && ran.arrived !== true ? spentBy[ran.receipt] : "unknown");
  if (!ran) return { ok: false, status: "unknown", body: { ...heardTooLate(), approval_id: approval.id } };
  return { ok: ran.ok, status: ran.receipt, body: ran.result };
}

const spentBy = { succeeded: "paid", failed: "nothing", unknown: "unknown" } as const;

/** A write that nobody is asked about is paid for as a read is; a dangerous call by what permits it. Null: it costs nothing here. */
async function setAside(tool: GatedTool, call: ToolCall, input: Record<string, unknown>): Promise<SetAside | null> {
  const amountMicroUsd = tool.costMicroUsd(input);
  if (tool.risk !== "write" || amountMicroUsd <= 0n) return null;
  const { context, session } = call;
  return await context.paid!.setAside({ session, tool: tool.name, source: tool.source ?? "aito", amountMicroUsd });
}

/** What became of what was asked for before; nothing runs by asking. */
function told(approval: Awaited<ReturnType<typeof askedBefore>>): GatedResult {
  const { id, status, result, error, comment, receipt } = approval;
  return {
    ok: status === "done",
    status: "shadowed",
    body: {
      approval_id: id,
      status,
      ...(result === null ? {} : { result }),
      ...(error === null ? {} : { error }),
      ...(comment ? { comment } : {}),
      ...(receipt === null ? {} : { receipt_of_call: receipt }),
    },
  };
}
