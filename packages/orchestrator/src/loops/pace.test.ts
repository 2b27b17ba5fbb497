import type { Clock } from "@aito/base";
import { expect, test } from "vitest";
import { makePace } from "./pace.ts";
import { type Loop, startLoop } from "./start-loop.ts";

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
  expect([pace.everyMs(500, 3_000), pace.everyMs(500, 12_000), pace.askMs(500)]).toEqual([3_000, 12_000, 4_000]);
  go(3_800);
  expect([pace.everyMs(200, 3_000), pace.askMs(50)]).toEqual([3_000, 200]);
  pace.note();
  expect([woken, pace.isQuiet(), pace.everyMs(500, 3_000)]).toEqual([1, false, 500]);
  pace.note();
  expect(woken).toBe(1);
});

test("Y15 a rest that is asked for again goes on, and whoever sleeps in one that is over is woken once", () => {
  const { clock, go, in: soon } = handClock();
  let woken = 0;
  const pace = makePace(clock, () => (woken += 1));
  go(60_000);
  pace.rest(soon(4_000));
  go(4_000);
  expect(pace.everyMs(500, 12_000)).toBe(500);
  pace.rest(soon(4_000));
  expect([woken, pace.everyMs(500, 12_000)]).toEqual([0, 12_000]);
  go(4_000);
  pace.over();
  pace.over();
  expect([woken, pace.everyMs(500, 12_000)]).toEqual([1, 500]);
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

test("Y15 S13 a bell wakes every loop at once out of a rest that was asked for again and again, with no time passing", async () => {
  const { clock, go, in: soon } = handClock();
  const passes = [0, 0, 0];
  const loops: Loop[] = [];
  const pace = makePace(clock, () => loops.forEach((loop) => loop.ring()));
  go(60_000);
  pace.rest(soon(4_000));
  for (const index of passes.keys()) {
    const run = (): Promise<void> => Promise.resolve(void (passes[index]! += 1));
    loops.push(startLoop({ everyMs: () => pace.everyMs(500, 12_000), clock, run, onError: () => undefined }));
  }
  await expect.poll(() => passes).toEqual([1, 1, 1]);
  for (let rest = 0; rest < 3; rest += 1) {
    go(4_000);
    pace.rest(soon(4_000));
  }
  // No timer of this clock ever fires: whoever runs again was rung.
  pace.note();
  await expect.poll(() => passes).toEqual([2, 2, 2]);
  await Promise.all(loops.map((loop) => loop.close()));
});
