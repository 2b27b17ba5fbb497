import { CfWorkerJsonSchemaValidator } from "@modelcontextprotocol/client/validators/cf-worker";

/** A keyword of these can cost more than its length tells (expressions that backtrack, every item against every other). */
const dear: ReadonlySet<string> = new Set(["pattern", "patternProperties", "format", "uniqueItems", "propertyNames"]);
const maps: ReadonlySet<string> = new Set(["properties", "$defs", "definitions", "dependentSchemas"]);

/**
 * A check against somebody else's schema that ends in time in proportion to value and schema: it interprets, compiles nothing, and
 * leaves out the keywords that a hostile server could stall the gateway with. Says what is wrong; null when nothing is.
 */
export function shapeCheck(schema: Record<string, unknown>): (value: unknown) => string | null {
  const { $schema: _, ...plain } = bounded(schema) as Record<string, unknown>;
  const check = new CfWorkerJsonSchemaValidator({ draft: "2020-12" }).getValidator<unknown>(plain);
  return (value) => {
    try {
      const result = check(value);
      return result.valid ? null : result.errorMessage.replace(/\s+/g, " ").slice(0, 500);
    } catch (error) {
      return `it cannot be checked: ${String(error).slice(0, 200)}`;
    }
  };
}

function bounded(value: unknown, isMap = false): unknown {
  if (Array.isArray(value)) return value.map((item) => bounded(item));
  if (typeof value !== "object" || value === null) return value;
  const loose = !isMap && "patternProperties" in value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(
        ([key]) => isMap || !(dear.has(key) || (loose && (key === "additionalProperties" || key === "unevaluatedProperties"))),
      )
      .map(([key, item]) => [key, key === "enum" || key === "const" ? item : bounded(item, !isMap && maps.has(key))]),
  );
}
