import { expect, test } from "vitest";
import { canonicalJson, wellFormed, wellFormedDeep } from "./canonical-json.ts";

test("sorts keys, leaves out what is undefined and adds no space", () => {
  expect(canonicalJson({ b: [1, undefined, null], a: { d: true, c: "é ✓" }, e: undefined })).toBe(
    '{"a":{"c":"é ✓","d":true},"b":[1,null,null]}',
  );
});

test.each([[1.5], [Number.NaN], [Number.POSITIVE_INFINITY], [2 ** 53], [1n], [() => 1], [Symbol("x")], [undefined]])(
  "refuses %s, which JSON would change or lose",
  (value) => {
    expect(() => canonicalJson({ value: [value].at(0) === undefined ? Symbol("undefined") : value })).toThrow(TypeError);
  },
);

test("makes text well-formed: lone surrogates and NUL become the replacement character", () => {
  expect(wellFormed("a\uD800b\0c👩‍🚀")).toBe("a\uFFFDb\uFFFDc👩‍🚀");
  expect(wellFormedDeep({ "k\0": ["\uDC00", 1, null, { x: "\0" }] })).toEqual({
    "k\uFFFD": ["\uFFFD", 1, null, { x: "\uFFFD" }],
  });
  const withoutPrototype = Object.assign(Object.create(null) as { x?: string }, { x: "\0" });
  expect(wellFormedDeep(withoutPrototype).x).toBe("\uFFFD");
});

test("leaves values that are not plain data alone", () => {
  const at = new Date(0);
  expect(wellFormedDeep({ at }).at).toBe(at);
});
