import { frozen } from "@aito/base";
import { type AgentKind, Id } from "@aito/protocol";
import { fromJsonSchema, type jsonSchemaValidator, type StandardSchemaWithJSON } from "@modelcontextprotocol/server";
import { z } from "zod";
import type { Foreign, Tool } from "./tool.ts";

type Offered = StandardSchemaWithJSON<unknown, unknown>;
type Standard = Offered["~standard"];

/** Made once for each tool and kind of caller: a schema costs more than all the rest of a call, and servers are built for each request. */
const made = new WeakMap<Tool, Partial<Record<AgentKind, Offered>>>();

/** A tool's JSON schema without its check: runTool checks, so that a malformed call leaves a receipt and a hint too. */
export function offeredSchema(tool: Tool, kind: AgentKind): Offered {
  const known = made.get(tool) ?? {};
  made.set(tool, known);
  return (known[kind] ??= tool.foreign ? foreignSchema(tool, tool.foreign) : unchecked(inputOf(tool, kind)));
}

const outputs = new WeakMap<z.ZodObject, Offered>();

/** What a tool answers, for who asks; a test holds our own answers against it. */
export function outputSchema(output: z.ZodObject): Offered {
  const known = outputs.get(output) ?? fromJsonSchema(z.toJSONSchema(output) as Parameters<typeof fromJsonSchema>[0], trusting);
  outputs.set(output, known);
  return known;
}

const trusting: jsonSchemaValidator = {
  getValidator: () => (input) => ({ valid: true, data: input as never, errorMessage: undefined }),
};
const platformArguments = {
  aito_for_task: { type: "string", description: "the task of yours that this is done for: it counts as its evidence" },
  aito_decision_id: { type: "string", description: "the approved decision that releases it" },
  aito_approval_id: { type: "string", description: "an approval of this same call: tells what came of it, and runs nothing" },
};

/** An outside tool's own schema, with the platform's arguments beside its. */
function foreignSchema(tool: Tool, { inputSchema }: Foreign): Offered {
  const properties = { ...Object(inputSchema["properties"]), ...(tool.risk === "read" ? {} : platformArguments) };
  return fromJsonSchema({ ...inputSchema, properties }, trusting);
}

function unchecked(input: z.ZodObject): Offered {
  const standard = input["~standard"] as unknown as Standard;
  const schemas = new Map<string, Record<string, unknown>>();
  const jsonOf = (options: Parameters<Standard["jsonSchema"]["input"]>[0]): Record<string, unknown> => {
    const known = schemas.get(options.target);
    if (known) return known;
    // All answers that it is written into share it.
    const schema = frozen(standard.jsonSchema.input(options));
    schemas.set(options.target, schema);
    return schema;
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
