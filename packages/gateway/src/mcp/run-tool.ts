import { errorText, monotonicMs, redactText, wellFormedDeep } from "@aito/base";
import { argumentsDigest, recordReceipt } from "@aito/company";
import type { OpenRuns } from "../agents/open-runs.ts";
import { toAitoError } from "../error-reply.ts";
import { runGated } from "./run-gated.ts";
import type { Tool, ToolCall } from "./tool.ts";

export interface ToolResult {
  ok: boolean;
  body: Record<string, unknown>;
}

/**
 * Runs one call of a granted tool. Never throws: a refusal or failure is a result with code, message and hint. Every call, the
 * refused and the malformed too, leaves a receipt, whose id is in the result.
 */
export async function runTool(
  tool: Tool,
  { context, session }: Pick<ToolCall, "context" | "session">,
  raw: unknown,
  openRuns: OpenRuns,
): Promise<ToolResult> {
  const call: ToolCall = { context, session, receiptId: context.deps.newId() };
  const startedMs = monotonicMs();
  const input = wellFormedDeep(raw ?? {});
  let result: ToolResult;
  try {
    const parsed = tool.input.parse(input);
    context.deps.crashPoint?.("tool.before_effect");
    result = { ok: true, body: tool.risk === "dangerous" ? await runGated(tool, call, parsed) : await tool.run(call, parsed) };
    context.deps.crashPoint?.("tool.after_effect");
  } catch (error) {
    const known = toAitoError(error, context.log);
    const hint = known.hint === undefined ? {} : { hint: known.hint };
    result = { ok: false, body: { code: known.code, message: redactText(known.message), ...hint } };
  }
  try {
    const receipt = await recordReceipt(
      context.deps,
      session,
      {
        id: call.receiptId,
        tool: tool.name,
        argumentsDigest: argumentsDigest(input),
        ok: result.ok,
        result: result.body,
        durationMs: monotonicMs() - startedMs,
        run: await openRuns.of(session),
      },
      context.receiptKey,
    );
    context.deps.crashPoint?.("tool.after_receipt");
    return { ...result, body: { ...result.body, receipt: receipt.id } };
  } catch (error) {
    // What was done stays done: saying that it failed would make the agent do it twice.
    context.log.error({ agent: session.agent, tool: tool.name, error: errorText(error) }, "a receipt was not recorded");
    return { ...result, body: { ...result.body, receipt: null } };
  }
}
