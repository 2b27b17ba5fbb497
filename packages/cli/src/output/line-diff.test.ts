import { expect, test } from "vitest";
import { lineDiff } from "./line-diff.ts";

test("S18 what was taken out, put in and left alone is marked so; the first words of a tool are not marked at all", () => {
  expect(lineDiff([], ["a", "b"])).toEqual(["a", "b"]);
  expect(lineDiff(["a", "b", "c"], ["a", "x", "c", "d"])).toEqual(["  a", "- b", "+ x", "  c", "+ d"]);
  expect(lineDiff(["a", "b"], ["b"])).toEqual(["- a", "  b"]);
  expect(lineDiff(["a"], ["b"])).toEqual(["- a", "+ b"]);
  expect(lineDiff(["a"], ["a"])).toEqual(["  a"]);
});
