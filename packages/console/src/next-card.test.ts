import { expect, test } from "vitest";
import { nextCard } from "./next-card.ts";

test.each([
  ["what followed it", ["a", "b", "c"], ["a", "c"], "b", "c"],
  ["the one before, after the last", ["a", "b", "c"], ["a", "b"], "c", "b"],
  ["what still stands behind others that went with it", ["a", "b", "c", "d"], ["a", "d"], "b", "d"],
  ["what followed it, also where a new one came first", ["a", "b", "c"], ["new", "a", "c"], "b", "c"],
  ["what is new where nothing else is left", ["a"], ["new"], "a", "new"],
  ["nothing when none is left", ["a"], [], "a", null],
  ["the first where it never stood", ["a"], ["b", "c"], "x", "b"],
])("C10 after a card is answered comes %s", (_what, before, now, gone, next) => {
  expect(nextCard(before, now, gone)).toBe(next);
});
