import type { Clock } from "@aito/base";
import { expect, test } from "vitest";
import { makePace } from "./pace.ts";

const handClock = () => {
  let at = Date.parse("2026-11-20T12:00:00Z");
  const clock: Clock = { now: () => new Date(at), sleep: () => Promise.resolve(), after: () => () => undefined };
  return { clock, go: (ms: number) => (at += ms), in: (ms: number) => new Date(at + ms) };
};

test("Y15 a quiet company rests until something is due, and looks closely again at the first bell", () => {
  const { clock, go, in: soon } = handClock();
  let woken = 0;
  const pace = makePace(clock, () => (woken += 1));
  expect([pace.isQuiet(), pace.everyMs(500, 3_000)]).toEqual([false, 500]);
  go(5_000);
  expect(pace.isQuiet()).toBe(true);
  pace.rest(soon(4_000));
  expect([pace.everyMs(500, 3_000), pace.everyMs(500, 60_000)]).toEqual([3_000, 4_000]);
  go(3_800);
  expect(pace.everyMs(200, 3_000)).toBe(200);
  pace.note();
  expect([woken, pace.isQuiet(), pace.everyMs(500, 3_000)]).toEqual([1, false, 500]);
  pace.note();
  expect(woken).toBe(1);
});

test("Y15 where bells cannot be heard nobody rests", () => {
  const { clock, go, in: soon } = handClock();
  const pace = makePace(clock, () => undefined);
  go(60_000);
  pace.rest(soon(4_000));
  pace.deaf(true);
  expect([pace.isQuiet(), pace.everyMs(500, 3_000)]).toEqual([false, 500]);
  pace.deaf(false);
  expect(pace.isQuiet()).toBe(true);
});

test("Y15 a clock that jumps makes nobody rest for long", () => {
  const { clock, go, in: soon } = handClock();
  const pace = makePace(clock, () => undefined);
  go(60_000);
  pace.rest(soon(4_000));
  go(-3_600_000);
  expect(pace.everyMs(500, 3_000)).toBe(500);
});
