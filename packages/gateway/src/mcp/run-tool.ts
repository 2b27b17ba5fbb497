import { errorText, isAitoError, type Logger, monotonicMs, redactText, wellFormedDeep } from "@aito/base";
import { argumentsDigest, recordReceipt, speakingFor } from "@aito/company";
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
 * refused and the malformed too, leaves a receipt, whose id is in the result; only one that is over, or stopped by a kill switch, leaves nothing.
 */
export async function runTool(
  tool: Tool,
  { context: shared, session }: Pick<ToolCall, "context" | "session">,
  raw: unknown,
  openRuns: OpenRuns,
): Promise<ToolResult> {
  // A tool gets deps that hold the caller's incarnation in each transaction: none of them can forget it.
  const context = { ...shared, deps: speakingFor(shared.deps, session, { inRun: true }) };
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
    result = refused(error, context.log);
  }
  // What was committed under the fence has its receipt, whatever happened since; anything else is a write like any other.
  const committed = result.ok && tool.risk !== "read";
  try {
    const receipt = await recordReceipt(
      committed ? shared.deps : context.deps,
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
    if (isAitoError(error, "AITO_AGENT_STALE") || isAitoError(error, "AITO_STOPPED")) return refused(error, context.log);
    // What was done stays done: saying that it failed would make the agent do it twice.
    context.log.error({ agent: session.agent, tool: tool.name, error: errorText(error) }, "a receipt was not recorded");
    return { ...result, body: { ...result.body, receipt: null } };
  }
}

function refused(error: unknown, log: Logger): ToolResult {
  const known = toAitoError(error, log);
  const hint = known.hint === undefined ? {} : { hint: known.hint };
  return { ok: false, body: { code: known.code, message: redactText(known.message), ...hint } };
}
