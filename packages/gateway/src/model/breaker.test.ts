import type { Clock } from "@aito/base";
import { expect, test } from "vitest";
import { makeBreaker } from "./breaker.ts";

function breakerAt() {
  const at = { ms: 1_000_000 };
  const clock = { now: () => new Date(at.ms) } as Clock;
  return { at, breaker: makeBreaker({ clock, random: () => 0.5 }) };
}

test("F14 many calls that fail together open it once: the wait is the first one, not doubled for each of them", () => {
  const { at, breaker } = breakerAt();
  for (let call = 0; call < 40; call += 1) expect(breaker.enter()).toBe(0);
  for (let call = 0; call < 40; call += 1) breaker.failed(0);
  expect(breaker.waitMs()).toBe(2_000);
  at.ms += 2_000;
  expect(breaker.enter()).toBe(0);
  breaker.failed(0);
  expect(breaker.waitMs()).toBe(4_000);
  at.ms += 4_000;
  expect(breaker.enter()).toBe(0);
  breaker.succeeded();
  expect(breaker.enter()).toBe(0);
});

test("F14 a retry-after of a late failure holds for everybody, also while it is open", () => {
  const { breaker } = breakerAt();
  for (let call = 0; call < 6; call += 1) breaker.enter();
  for (let call = 0; call < 5; call += 1) breaker.failed(0);
  breaker.failed(30_000);
  expect(breaker.waitMs()).toBe(30_000);
});
