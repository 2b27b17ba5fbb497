import fc from "fast-check";
import { expect, test } from "vitest";
import { canonicalJson, wellFormed, wellFormedDeep } from "./canonical-json.ts";

const leaf = fc.oneof(fc.string({ unit: "binary" }), fc.maxSafeInteger(), fc.boolean(), fc.constant(null));
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { depthSize: "small" },
    leaf,
    fc.array(tie("any"), { maxLength: 5 }),
    fc.dictionary(fc.string(), tie("any"), { maxKeys: 5 }),
  ),
})).any;

/** The same value with the keys of every object in another order. */
function shuffled(item: unknown): unknown {
  if (Array.isArray(item)) return item.map(shuffled);
  if (item === null || typeof item !== "object") return item;
  return Object.fromEntries(
    Object.entries(item)
      .toReversed()
      .map(([key, inner]) => [key, shuffled(inner)]),
  );
}

test("equal values have equal text, whatever the order of their keys", () => {
  fc.assert(
    fc.property(value, (item) => {
      expect(canonicalJson(shuffled(item))).toBe(canonicalJson(item));
    }),
  );
});

test("the text is JSON of the well-formed value, and canonical again when read back", () => {
  fc.assert(
    fc.property(value, (item) => {
      const text = canonicalJson(item);
      const back: unknown = JSON.parse(text);
      expect(back).toEqual(JSON.parse(JSON.stringify(wellFormedDeep(item))));
      expect(canonicalJson(back)).toBe(text);
    }),
  );
});

test("well-formed text holds no lone surrogate and no NUL, and stays as it is the second time", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.constantFrom("", "\0", "\uD800", "\uDFFF"), (text, odd) => {
      const once = wellFormed(text + odd + text);
      expect(once.isWellFormed() && !once.includes("\0")).toBe(true);
      expect(wellFormed(once)).toBe(once);
    }),
  );
});
