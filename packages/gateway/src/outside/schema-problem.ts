import { hides } from "./schema-notes.ts";

/** A schema with more parts than that, its references followed, is not checked against anything. */
const partsMax = 4_000;
const depthMax = 40;
/** Names that the platform adds to a tool's arguments begin so. */
export const platformPrefix = "aito_";

/** Pure: why a schema of somebody else is not worked with; null when it can be. */
export function schemaProblem(schema: unknown, { isInput }: { isInput: boolean }): string | null {
  if (typeof schema !== "object" || schema === null || Array.isArray(schema)) return "its schema is no object";
  const root: Record<string, unknown> = { ...schema };
  if (isInput && root["type"] !== "object") return "its input is no object";
  if (hides(schema)) return "its schema holds invisible characters";
  if (isInput) {
    const taken = Object.keys(Object(root["properties"])).find((name) => name.startsWith(platformPrefix));
    if (taken !== undefined) return `its argument ${taken} has a name that belongs to the platform`;
  }
  return followed(root);
}

/** Counts the parts of a schema with its references followed, as whoever checks by it will. */
function followed(root: Record<string, unknown>): string | null {
  let left = partsMax;
  const walk = (value: unknown, depth: number): string | null => {
    if (typeof value !== "object" || value === null) return null;
    left -= 1;
    if (left < 0 || depth > depthMax) return "its schema is too intricate to be checked, or refers to itself";
    const reference = Array.isArray(value) ? undefined : (value as Record<string, unknown>)["$ref"];
    if (typeof reference === "string") {
      const target = referred(root, reference);
      if (target === undefined) return `its schema refers to ${reference.slice(0, 100)}, which is not in it`;
      const problem = walk(target, depth + 1);
      if (problem !== null) return problem;
    }
    if (!Array.isArray(value) && ("$dynamicRef" in value || "$recursiveRef" in value)) {
      return "its schema has references that move";
    }
    for (const item of Object.values(value)) {
      const problem = walk(item, depth + 1);
      if (problem !== null) return problem;
    }
    return null;
  };
  return walk(root, 0);
}

function referred(root: Record<string, unknown>, reference: string): unknown {
  if (reference === "#") return root;
  if (!reference.startsWith("#/")) return undefined;
  let here: unknown = root;
  for (const step of reference.slice(2).split("/")) {
    const key = step.replaceAll("~1", "/").replaceAll("~0", "~");
    if (typeof here !== "object" || here === null || !Object.hasOwn(here, key)) return undefined;
    here = (here as Record<string, unknown>)[key];
  }
  return here;
}
