import { AitoError, sha256 } from "@aito/base";
import { type Call, canonicalText, type ReadyCall, type Tools } from "@aito/company";
import { z } from "zod";
import type { GatewayContext } from "../gateway-context.ts";
import { graceMs, journaledOutside, summaryOf } from "./journaled-outside.ts";
import { classOf, type GatedTool, isForeign, isGated, isJournaled, type Tool } from "./tool.ts";

/** The fields of a call that say who permits it, or stand apart from its arguments. */
const isApart = (tool: Tool, key: string): boolean =>
  !isGated(tool)
    ? false
    : tool.foreign
      ? key.startsWith("aito_")
      : key === "decision_id" || key === "approval_id" || key === "files";

const versions = new WeakMap<Tool, { version: string; schema: Record<string, unknown> }>();

/** The tool's description and input schema as one hash, and the schema of its own arguments. */
export function versionOf(tool: Tool): { version: string; schema: Record<string, unknown> } {
  if (tool.foreign) return { version: tool.foreign.version, schema: tool.foreign.inputSchema };
  const known = versions.get(tool);
  if (known) return known;
  const whole = z.toJSONSchema(tool.input, { io: "input" });
  const shape = Object.entries(tool.input.shape).filter(([key]) => !isApart(tool, key));
  const own = z.object(Object.fromEntries(shape));
  const made = {
    version: sha256(canonicalText({ name: tool.name, description: tool.description, input: whole })),
    schema: z.toJSONSchema(own, { io: "input" }) as Record<string, unknown>,
  };
  versions.set(tool, made);
  return made;
}

export interface SplitCall extends Call {
  contents: { sha256: string; content: Buffer }[];
}

/** A call's own arguments, and the files that go with it by what they hold. */
export function splitCall(tool: Tool, input: Record<string, unknown>): SplitCall {
  const args = Object.fromEntries(Object.entries(input).filter(([key]) => !isApart(tool, key)));
  const given = (tool.foreign || !isGated(tool) ? [] : (input["files"] ?? [])) as { name: string; text: string }[];
  const files = given.map(({ name, text }) => {
    const content = Buffer.from(text, "utf8");
    return { name, sha256: sha256(content), bytes: content.byteLength, content };
  });
  return {
    tool: tool.name,
    schemaVersion: versionOf(tool).version,
    arguments: args,
    files: files.map(({ name, sha256: hash, bytes }) => ({ name, sha256: hash, bytes })),
    contents: files.map(({ sha256: hash, content }) => ({ sha256: hash, content })),
  };
}

/**
 * A gated tool's outside part, bounded in time, and ended when a kill switch covers who asked for it or what it was asked for: nothing
 * more of it is sent then, and what was sent before may have happened.
 */
export function outsideOf(
  tool: GatedTool,
  input: Record<string, unknown>,
  { signal, stops }: Pick<GatewayContext, "signal" | "stops">,
): ReadyCall["outside"] {
  if (!tool.perform) return undefined;
  const { perform, timeoutMs } = tool;
  return {
    leaseMs: timeoutMs + graceMs,
    // The key is the id of the approval that the call is written down as.
    run: (effectKey) =>
      stops.guard({ approvalId: effectKey }, async (stopped) => {
        const bound = AbortSignal.any([stopped, signal, AbortSignal.timeout(timeoutMs)]);
        const over = new Promise<never>((_, reject) => {
          const end = (): void =>
            reject(stopped.aborted ? stopped.reason : new Error(`nothing was heard of it within ${timeoutMs} ms`));
          bound.addEventListener("abort", end, { once: true });
        });
        return await Promise.race([perform(input, { effectKey, signal: bound }), over]);
      }),
  };
}

/** The tools that a human may be asked about, as the company's approvals see them. */
export function gatedTools(tools: readonly Tool[], context: GatewayContext): Tools {
  const named = new Map(tools.flatMap((tool) => (isGated(tool) || isJournaled(tool) ? [[tool.name, tool] as const] : [])));
  return {
    versionOf: (name) => {
      const tool = named.get(name);
      return tool ? versionOf(tool).version : null;
    },
    read: (call, caller) => {
      const tool = named.get(call.tool)!;
      const files = call.files.map(({ name, content }) => ({ name, text: content.toString("utf8") }));
      const closed = tool.closed?.();
      // What was approved waits until it can be done, or expires.
      if (closed) throw new AitoError("AITO_TOOL_BROKEN", closed.message, { fate: "retry", status: 503, cause: closed });
      const input = tool.input.parse({ ...call.arguments, ...(files.length > 0 ? { files } : {}) });
      const kind = tool.kinds.length === 0 ? null : { name: tool.name, dataClass: classOf(tool) };
      if (!isGated(tool)) {
        const outside = journaledOutside(context, { tool, caller, input });
        return { kind, amountMicroUsd: 0n, summary: summaryOf(tool, input), outside, taint: null };
      }
      const split = splitCall(tool, input);
      const { effect } = tool;
      const outside = outsideOf(tool, input, context);
      return {
        kind,
        amountMicroUsd: tool.costMicroUsd(input),
        summary: tool.summary(input),
        ...(effect ? { inside: (unit, permission) => effect(unit, permission, input, split.files) } : {}),
        ...(outside ? { outside } : {}),
        taint: isForeign(tool) ? tool.name : null,
      };
    },
  };
}
