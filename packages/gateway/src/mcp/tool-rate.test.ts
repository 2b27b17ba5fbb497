import { systemClock } from "@aito/base";
import { expect, test } from "vitest";
import { makeToolRate, toolRate } from "./tool-rate.ts";

test("an agent that floods is held back to the steady rate, and nobody else is", () => {
  let now = 0;
  const take = makeToolRate({ ...systemClock, now: () => new Date(now) });
  const taken = (agent: string, calls: number): number => Array.from({ length: calls }, () => take(agent)).filter(Boolean).length;
  expect(taken("a", 1_000)).toBe(toolRate.capacity);
  expect(taken("b", 10)).toBe(10);
  now += 10_000;
  expect(taken("a", 1_000)).toBe(10 * toolRate.perSecond);
  now += 3_600_000;
  expect(taken("a", 1_000)).toBe(toolRate.capacity);
});
