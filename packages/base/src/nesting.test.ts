import { expect, test } from "vitest";
import { cutNesting, isNestedDeeper } from "./nesting.ts";

const nested = (depth: number, list = false): unknown => {
  let value: unknown = "x";
  for (let at = 0; at < depth; at += 1) value = list ? [value] : { a: value };
  return value;
};

test("lists and objects within each other are counted, and nothing else", () => {
  for (const list of [true, false]) {
    expect([3, 4, 5].map((depth) => isNestedDeeper(nested(depth, list), 4))).toEqual([false, false, true]);
  }
  expect([null, "x", 1, undefined].map((value) => isNestedDeeper(value, 0))).toEqual([false, false, false, false]);
  expect([[], {}].map((value) => isNestedDeeper(value, 0))).toEqual([true, true]);
  expect(isNestedDeeper([[1], { a: [2] }], 2)).toBe(true);
  expect(
    isNestedDeeper(
      Array.from({ length: 10_000 }, () => [1]),
      2,
    ),
  ).toBe(false);
});

test("no depth is too much for either", () => {
  const deep = JSON.parse(`${"[".repeat(100_000)}${"]".repeat(100_000)}`) as unknown;
  expect(isNestedDeeper(deep, 64)).toBe(true);
  expect(JSON.stringify(cutNesting(deep, 3))).toBe("[[[null]]]");
});

test("what is deeper is null in the copy, and everything else as it was", () => {
  expect(cutNesting({ a: [1, { b: 2 }], c: "x" }, 2)).toEqual({ a: [1, null], c: "x" });
  expect(cutNesting({ a: [1, { b: 2 }] }, 3)).toEqual({ a: [1, { b: 2 }] });
  expect([cutNesting("x", 0), cutNesting([1], 0)]).toEqual(["x", null]);
});
