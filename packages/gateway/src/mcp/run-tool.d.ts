import type { OpenRuns } from "../agents/open-runs.ts";
import type { Tool, ToolCall } from "./tool.ts";
export interface ToolResult {
    ok: boolean;
    body: Record<string, unknown>;
}
/** SHA-256 over the canonical JSON of a call's arguments, as they came; fractions count as their text. */
export declare const argumentsDigest: (input: unknown) => string;
/**
 * Runs one call of a granted tool. Never throws: a refusal or failure is a result with code, message and hint. Every call, the
 * refused and the malformed too, leaves a receipt, whose id is in the result.
 */
export declare function runTool(tool: Tool, call: ToolCall, raw: unknown, openRuns: OpenRuns): Promise<ToolResult>;
