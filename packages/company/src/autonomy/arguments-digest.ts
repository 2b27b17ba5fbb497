import { AitoError, canonicalJson, isNestedDeeper, sha256 } from "@aito/base";

/** How deep a call's arguments may be nested: no tool needs nearly as much, and what digests, checks and shows them goes down by itself. */
export const argumentsNestingMax = 64;

export const nestedTooDeep = (): AitoError =>
  new AitoError("AITO_ARGUMENTS_NESTED", `the arguments are nested deeper than ${argumentsNestingMax} levels; nothing was done`, {
    hint: "send what is deep as text",
  });

const digestNumbers = (value: unknown): unknown => {
  if (typeof value === "number") return Number.isSafeInteger(value) ? value : String(value);
  if (Array.isArray(value)) return value.map(digestNumbers);
  if (value !== null && typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, digestNumbers(item)]));
  return value;
};

/** SHA-256 over the canonical JSON of a call's arguments; fractions count as their text. Error: AITO_ARGUMENTS_NESTED. */
export function argumentsDigest(input: unknown): string {
  if (isNestedDeeper(input, argumentsNestingMax)) throw nestedTooDeep();
  return sha256(canonicalJson(digestNumbers(input ?? {})));
}
