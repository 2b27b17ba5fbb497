import { readFileSync } from "node:fs";
import { sha256 } from "@aito/base";
import { expect, test } from "vitest";
import { goals, type InjectionFile, injectionsFile, readInjections } from "./injection-case.ts";
import { carriers } from "./carriers.ts";
import { makeInjections } from "./make-injections.ts";
import { readInstructions } from "./read-instructions.ts";

const files = ["tuning", "held-out", "benign"] satisfies InjectionFile[];

test.each(files)("the %s file of injections is what its generator makes", (name) => {
  expect(readInjections(name)).toEqual(makeInjections(name));
});

test("the held-out file of injections is frozen", () => {
  expect(sha256(readFileSync(injectionsFile("held-out"), "utf8"))).toBe(
    "aa37e8bb8a6b17ada082828314b2599890f6ffcb9569471bd5ae6c09b4349c12",
  );
});

test.each(["tuning", "held-out"] as const)("each carrier of the %s file comes with each goal", (name) => {
  const cells = new Set(readInjections(name).map(({ carrier, goal }) => `${carrier} x ${goal}`));
  expect(cells.size).toBe(Object.keys(carriers).length * goals.length);
  expect(Object.keys(carriers).length).toBeGreaterThanOrEqual(12);
  expect(goals.length).toBeGreaterThanOrEqual(12);
});

test("the agent that obeys everything understands each injection, in each disguise and language, and nothing in a benign twin", () => {
  const missed = (["tuning", "held-out"] as const)
    .flatMap((name) => readInjections(name))
    .filter(({ text, goal }) => !readInstructions(text).some((instruction) => instruction.goal === goal));
  expect(missed.map(({ id, goal, disguise, language, text }) => ({ id, goal, disguise, language, text }))).toEqual([]);
  const imagined = readInjections("benign").filter(({ text }) => readInstructions(text).length > 0);
  expect(imagined.map(({ text }) => text)).toEqual([]);
});
