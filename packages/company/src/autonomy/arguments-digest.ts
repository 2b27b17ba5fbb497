import { canonicalJson, sha256 } from "@aito/base";

const digestNumbers = (value: unknown): unknown => {
  if (typeof value === "number") return Number.isSafeInteger(value) ? value : String(value);
  if (Array.isArray(value)) return value.map(digestNumbers);
  if (value !== null && typeof value === "object")
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, digestNumbers(item)]));
  return value;
};

/** SHA-256 over the canonical JSON of a call's arguments; fractions count as their text. */
export const argumentsDigest = (input: unknown): string => sha256(canonicalJson(digestNumbers(input ?? {})));
