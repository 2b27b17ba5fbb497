import { AitoError, sha256 } from "@aito/base";
import { type Call, canonicalText, type ReadyCall, type Tools } from "@aito/company";
import { z } from "zod";
import { classOf, type GatedTool, isForeign, type Tool } from "./tool.ts";

/** After the tool's own limit: what then was not heard of is unknown. */
const graceMs = 10_000;

/** The fields of a call that say who permits it, or stand apart from its arguments. */
const isApart = (tool: Tool, key: string): boolean =>
  tool.foreign ? key.startsWith("aito_") : key === "decision_id" || key === "approval_id" || key === "files";

const versions = new WeakMap<Tool, { version: string; schema: Record<string, unknown> }>();

/** The tool's description and input schema as one hash, and the schema of its own arguments. */
export function versionOf(tool: GatedTool): { version: string; schema: Record<string, unknown> } {
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
export function splitCall(tool: GatedTool, input: Record<string, unknown>): SplitCall {
  const args = Object.fromEntries(Object.entries(input).filter(([key]) => !isApart(tool, key)));
  const given = (tool.foreign ? [] : (input["files"] ?? [])) as { name: string; text: string }[];
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

/** A gated tool's outside part, bounded in time. */
export function outsideOf(tool: GatedTool, input: Record<string, unknown>, signal: AbortSignal): ReadyCall["outside"] {
  if (!tool.perform) return undefined;
  const { perform, timeoutMs } = tool;
  return {
    leaseMs: timeoutMs + graceMs,
    run: async (effectKey) => {
      const bound = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      const stopped = new Promise<never>((_, reject) => {
        bound.addEventListener("abort", () => reject(new Error(`nothing was heard of it within ${timeoutMs} ms`)), {
          once: true,
        });
      });
      return await Promise.race([perform(input, { effectKey, signal: bound }), stopped]);
    },
  };
}

/** The gated tools as the company's approvals see them. */
export function gatedTools(tools: readonly Tool[], gated: (tool: Tool) => tool is GatedTool, signal: AbortSignal): Tools {
  const named = new Map(tools.filter(gated).map((tool) => [tool.name, tool]));
  return {
    versionOf: (name) => {
      const tool = named.get(name);
      return tool ? versionOf(tool).version : null;
    },
    read: (call) => {
      const tool = named.get(call.tool)!;
      const files = call.files.map(({ name, content }) => ({ name, text: content.toString("utf8") }));
      const closed = tool.closed?.();
      // What was approved waits until it can be done, or expires.
      if (closed) throw new AitoError("AITO_TOOL_BROKEN", closed.message, { fate: "retry", status: 503, cause: closed });
      const input = tool.input.parse({ ...call.arguments, ...(files.length > 0 ? { files } : {}) });
      const split = splitCall(tool, input);
      const { effect } = tool;
      const outside = outsideOf(tool, input, signal);
      return {
        kind: { name: tool.name, dataClass: classOf(tool) },
        amountMicroUsd: tool.costMicroUsd(input),
        summary: tool.summary(input),
        ...(effect ? { inside: (unit, permission) => effect(unit, permission, input, split.files) } : {}),
        ...(outside ? { outside } : {}),
        taint: isForeign(tool) ? tool.name : null,
      };
    },
  };
}
