import type { FastifySchema } from "fastify";
import { z } from "zod";

type JsonSchema = Record<string, unknown>;

/**
 * JSON Schema (2020-12) of zod schemas, for one document. What refers to itself cannot stand where it is used: it becomes a component of
 * the document, one for each different one.
 */
export function jsonSchemas() {
  const components = new Map<string, { name: string; schema: JsonSchema }>();

  const nameOf = (schema: JsonSchema): string => {
    const text = JSON.stringify(schema);
    const known = components.get(text);
    if (known) return known.name;
    const name = `Nested${components.size + 1}`;
    components.set(text, { name, schema });
    return name;
  };

  const convert = (schema: z.ZodType, io: "input" | "output"): JsonSchema => {
    const {
      $schema: _dialect,
      $defs,
      ...root
    } = z.toJSONSchema(schema, { io, unrepresentable: "any", override: asSent }) as JsonSchema;
    if ($defs === undefined) return root;
    const names = Object.entries($defs as Record<string, JsonSchema>).map(
      ([key, def]) => [`#/$defs/${key}`, nameOf(def)] as const,
    );
    return refersTo(root, names);
  };

  return {
    /** A route's schema as JSON Schema; what has no schema is left out. */
    ofRoute: ({ body, querystring, params, response }: FastifySchema): FastifySchema => ({
      ...(body instanceof z.ZodType ? { body: convert(body, "input") } : {}),
      ...(querystring instanceof z.ZodType ? { querystring: convert(querystring, "input") } : {}),
      ...(params instanceof z.ZodType ? { params: convert(params, "input") } : {}),
      ...(response ? { response: answers(response as Record<string, unknown>) } : {}),
    }),
    convert,
    components: (): Record<string, JsonSchema> => {
      const names = [...components.values()].map(({ name, schema }) => ({ name, schema, own: refsIn(schema) }));
      return Object.fromEntries(
        names.map(({ name, schema, own }) => [
          name,
          refersTo(
            schema,
            own.map((ref) => [ref, name] as const),
          ),
        ]),
      );
    },
  };

  function answers(response: Record<string, unknown>): Record<string, JsonSchema> {
    const typed = Object.entries(response).filter((entry): entry is [string, z.ZodType] => entry[1] instanceof z.ZodType);
    return Object.fromEntries(typed.map(([status, schema]) => [status, convert(schema, "output")]));
  }
}

/** Times are checked by their format; the pattern behind it is 400 characters that no reader needs. */
function asSent({ jsonSchema }: { jsonSchema: JsonSchema }): void {
  if (jsonSchema["format"] === "date-time" || jsonSchema["format"] === "uuid") delete jsonSchema["pattern"];
}

const refsIn = (schema: JsonSchema): string[] => [...new Set(JSON.stringify(schema).match(/#\/\$defs\/\w+/g) ?? [])];

function refersTo(schema: JsonSchema, names: readonly (readonly [string, string])[]): JsonSchema {
  const text = names.reduce(
    (out, [ref, name]) => out.replaceAll(`"$ref":"${ref}"`, `"$ref":"#/components/schemas/${name}"`),
    JSON.stringify(schema),
  );
  return JSON.parse(text) as JsonSchema;
}
