import { expect, test } from "vitest";
import { othersShare, poisonProblems, type PoisonRound } from "./poison-verdict.ts";

const good: PoisonRound = {
  before: 100,
  beside: 96,
  after: 100,
  containers: 3,
  aborted: 3,
  status: "quarantined",
  quarantinedMs: 20_000,
};

test("F19 what is promised of a poison task is held against each round", () => {
  expect(poisonProblems([good, good])).toEqual([]);
  expect(poisonProblems([good, { ...good, status: "done" }])).toEqual(["poison 2 is done, not quarantined"]);
  expect(poisonProblems([{ ...good, containers: 4, aborted: 4 }])).toEqual(["poison 1 got 4 containers"]);
  expect(poisonProblems([{ ...good, beside: 94 }])).toEqual([
    "the others finished 0.94 of what they do without it, promised: 0.95",
  ]);
});

test("F19 a drill whose poison did nothing is not passed", () => {
  expect(poisonProblems([{ ...good, containers: 3, aborted: 0 }])).toEqual(["poison 1: 3 of 3 containers did not abort"]);
});

test("F19 windows that cannot be compared prove nothing", () => {
  expect(poisonProblems([{ ...good, before: 24, beside: 120, after: 38 }])).toEqual([
    "the others finished 3.871 of what they do without it: the windows are too short to compare, give more --seconds",
  ]);
});

test("F19 a load that grows or shrinks meanwhile is neither help nor harm", () => {
  expect(othersShare([{ before: 20, beside: 60, after: 100 }])).toBe(1);
  expect(othersShare([{ before: 20, beside: 50, after: 100 }])).toBeLessThan(0.95);
});
