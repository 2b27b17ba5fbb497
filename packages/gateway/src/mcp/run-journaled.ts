import { argumentsDigest, useGate } from "@aito/company";
import type { ReceiptStatus } from "@aito/protocol";
import { splitCall, versionOf } from "./gated-call.ts";
import { summaryOf } from "./journaled-outside.ts";
import { approvalNeeded } from "./run-gated.ts";
import type { ToolResult } from "./run-tool.ts";
import { classOf, isForeign, type OpenTool, type ToolCall } from "./tool.ts";

type Input = Record<string, unknown>;

/**
 * A write into another system, which no decision has to release: the policy is asked first, as for every outward effect. What it permits is
 * written down as begun in the same transaction. Whoever needs a human is told so; once approved, `journaledOutside` runs it.
 */
export async function runJournaled(
  tool: OpenTool,
  call: ToolCall,
  input: Input,
): Promise<ToolResult & { status: ReceiptStatus }> {
  const { context, session, receipt, receiptId } = call;
  const prepared = await tool.prepare?.(call, input);
  const summary = summaryOf(tool, input);
  const gated = await useGate(
    context.deps,
    session,
    {
      ...splitCall(tool, input),
      inputSchema: versionOf(tool).schema,
      risk: tool.risk,
      dataClass: classOf(tool),
      argumentsDigest: argumentsDigest(input),
      amountMicroUsd: 0n,
      decisionId: null,
      summary,
      receiptId,
      runId: call.run,
      taskId: call.task,
      outward: true,
      taints: isForeign(tool) ? `the tool ${tool.name}` : null,
      outsideLeaseMs: null,
      begin: (unit) => receipt.beginIn(unit),
      receipt: (unit, { status, result }) => receipt.writeIn(unit, { status, body: result }),
    },
    null,
  );
  switch (gated.did) {
    case "permitted": {
      const over = receipt.underway();
      try {
        return { ok: true, status: "succeeded", body: await tool.run(call, input, prepared) };
      } finally {
        over();
      }
    }
    case "recorded":
      return { ok: true, status: "shadowed", body: { shadow: true, would_have: summary } };
    case "asked":
      return { ok: false, status: "refused", body: approvalNeeded(gated.approval, gated.why) };
    default:
      throw new Error(`${tool.name} was ${gated.did} by the gate, which it cannot be`);
  }
}
