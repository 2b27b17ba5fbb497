import { type AgentKind, Id } from "@aito/protocol";
import type { StandardSchemaWithJSON } from "@modelcontextprotocol/server";
import type { z } from "zod";
import type { Tool } from "./tool.ts";

type Offered = StandardSchemaWithJSON<unknown, unknown>;
type Standard = Offered["~standard"];

/** Made once for each tool and kind of caller: a schema costs more than all the rest of a call, and servers are built for each request. */
const made = new WeakMap<Tool, Partial<Record<AgentKind, Offered>>>();

/** A tool's JSON schema without its check: runTool checks, so that a malformed call leaves a receipt and a hint too. */
export function offeredSchema(tool: Tool, kind: AgentKind): Offered {
  const known = made.get(tool) ?? {};
  made.set(tool, known);
  return (known[kind] ??= unchecked(inputOf(tool, kind)));
}

function unchecked(input: z.ZodObject): Offered {
  const standard = input["~standard"] as unknown as Standard;
  const schemas = new Map<string, Record<string, unknown>>();
  const jsonOf = (options: Parameters<Standard["jsonSchema"]["input"]>[0]): Record<string, unknown> => {
    const known = schemas.get(options.target);
    // A copy: it is written into an answer by somebody else.
    if (known) return structuredClone(known);
    const schema = standard.jsonSchema.input(options);
    schemas.set(options.target, schema);
    return structuredClone(schema);
  };
  return {
    "~standard": { ...standard, validate: (value) => ({ value }), jsonSchema: { ...standard.jsonSchema, input: jsonOf } },
  };
}

/** A standing agent holds several tasks: a call that changes something may name the one that it is for, so that it counts as its evidence. */
function inputOf(tool: Tool, kind: AgentKind): z.ZodObject {
  if (kind === "worker" || tool.risk === "read" || tool.evidence === false || "task_id" in tool.input.shape) return tool.input;
  return tool.input.extend({
    for_task: Id.optional().describe("the task of yours that this is done for: it counts as its evidence"),
  });
}
