import { canonicalJson, errorText, monotonicMs, redactText, sha256, wellFormedDeep } from "@aito/base";
import { recordReceipt } from "@aito/company";
import type { OpenRuns } from "../agents/open-runs.ts";
import { toAitoError } from "../error-reply.ts";
import type { Tool, ToolCall } from "./tool.ts";

export interface ToolResult {
  ok: boolean;
  body: Record<string, unknown>;
}

const digestNumbers = (value: unknown): unknown => {
  if (typeof value === "number") return Number.isSafeInteger(value) ? value : String(value);
  if (Array.isArray(value)) return value.map(digestNumbers);
  if (value !== null && typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, digestNumbers(item)]));
  return value;
};

/** SHA-256 over the canonical JSON of a call's arguments, as they came; fractions count as their text. */
export const argumentsDigest = (input: unknown): string => sha256(canonicalJson(digestNumbers(input ?? {})));

/**
 * Runs one call of a granted tool. Never throws: a refusal or failure is a result with code, message and hint. Every call, the
 * refused and the malformed too, leaves a receipt, whose id is in the result.
 */
export async function runTool(tool: Tool, call: ToolCall, raw: unknown, openRuns: OpenRuns): Promise<ToolResult> {
  const { context, session } = call;
  const startedMs = monotonicMs();
  const input = wellFormedDeep(raw ?? {});
  let result: ToolResult;
  try {
    result = { ok: true, body: await tool.run(call, tool.input.parse(input)) };
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
        tool: tool.name,
        argumentsDigest: argumentsDigest(input),
        ok: result.ok,
        result: result.body,
        durationMs: monotonicMs() - startedMs,
        run: await openRuns.of(session),
      },
      context.receiptKey,
    );
    return { ...result, body: { ...result.body, receipt: receipt.id } };
  } catch (error) {
    // What was done stays done: saying that it failed would make the agent do it twice.
    context.log.error({ agent: session.agent, tool: tool.name, error: errorText(error) }, "a receipt was not recorded");
    return { ...result, body: { ...result.body, receipt: null } };
  }
}
