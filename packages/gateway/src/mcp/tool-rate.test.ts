import { systemClock } from "@aito/base";
import { expect, test } from "vitest";
import { ballotRate, makeToolRate, makeToolRates, toolRate } from "./tool-rate.ts";

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

test("ballots have an allowance of their own: a hundred decisions are voted on without a wait, and a flood of ballots is held back", () => {
  const take = makeToolRates({ ...systemClock, now: () => new Date(0) });
  const taken = (tool: string, calls: number): number =>
    Array.from({ length: calls }, () => take("a", tool)).filter(Boolean).length;
  expect(taken("send_message", 1_000)).toBe(toolRate.capacity);
  expect(taken("cast_vote", 100)).toBe(100);
  expect(taken("cast_vote", 1_000)).toBe(ballotRate.capacity - 100);
});

test("Y15 of who has been quiet until its allowance is whole again nothing is kept", () => {
  let now = 0;
  const kept: Parameters<typeof makeToolRate>[2] = new Map();
  const take = makeToolRate({ ...systemClock, now: () => new Date(now) }, { capacity: 10, perSecond: 1 }, kept);
  take("worker");
  for (let call = 0; call < 10; call += 1) take("flooder");
  now += 2_000;
  take("cmo");
  expect([...kept.keys()]).toEqual(["flooder", "cmo"]);
  now += 8_000;
  take("cmo");
  expect([...kept.keys()]).toEqual(["cmo"]);
});
