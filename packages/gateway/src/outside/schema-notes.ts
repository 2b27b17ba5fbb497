import { hidesText } from "@aito/connectors";

/** Words for people and models within a schema; anything else in it is taken as it is, or not at all. */
export const notes: ReadonlySet<string> = new Set(["description", "title", "$comment"]);

/** Keywords under which names of the server's own stand. */
export const maps: ReadonlySet<string> = new Set(["properties", "$defs", "definitions", "dependentSchemas", "patternProperties"]);

/** Pure: whether any text of a schema, its names too, holds what nobody sees; notes apart. */
export function hides(value: unknown, isMap = false): boolean {
  if (typeof value === "string") return hidesText(value);
  if (Array.isArray(value)) return value.some((item) => hides(item));
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(
    ([key, item]) =>
      hidesText(key) || (!(!isMap && notes.has(key) && typeof item === "string") && hides(item, !isMap && maps.has(key))),
  );
}
