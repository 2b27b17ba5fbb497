import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonChanges } from "./json-changes.ts";

test("S01 every place in which changed arguments differ is named with both values", () => {
  const before = { to: "ada@example.org", usd: 5, copy: ["a", "b"], deep: { text: "Hello", kept: true } };
  const after = { to: "ada@example.org", usd: 50, copy: ["a"], deep: { text: "Hello!", kept: true }, bcc: "eve@example.org" };
  expect(jsonChanges(before, after)).toEqual([
    { path: "usd", before: "5", after: "50" },
    { path: "copy[1]", before: '"b"', after: null },
    { path: "deep.text", before: '"Hello"', after: '"Hello!"' },
    { path: "bcc", before: null, after: '"eve@example.org"' },
  ]);
});

test("S01 a character that cannot be seen, another type and an empty value are changes too", () => {
  expect(jsonChanges({ a: "x", b: "5", c: [] }, { a: "x\u200b", b: 5, c: {} }).map(({ path }) => path)).toEqual(["a", "b", "c"]);
  expect(jsonChanges({ a: null }, {})).toEqual([{ path: "a", before: "null", after: null }]);
});

test("S01 two values have no change exactly when they are the same, whatever the order of their keys", () => {
  const turned = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(turned);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value)
        .toReversed()
        .map(([key, each]) => [key, turned(each)]),
    );
  };
  const sorted = (value: unknown): string =>
    JSON.stringify(value, (_key, each: unknown) =>
      typeof each === "object" && each !== null && !Array.isArray(each)
        ? Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => (a < b ? -1 : 1)))
        : each,
    );
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 3 }), fc.jsonValue({ maxDepth: 3 }), (a, b) => {
      const [one, other] = [JSON.parse(JSON.stringify(a)) as unknown, JSON.parse(JSON.stringify(b)) as unknown];
      expect(jsonChanges(one, turned(one))).toEqual([]);
      expect(jsonChanges(one, other).length === 0).toBe(sorted(one) === sorted(other));
    }),
  );
});
