import { systemClock } from "@aito/base";
import { expect, test } from "vitest";
import { boundSilence } from "./silence-bound.ts";

/** A clock whose timers fire when it is moved on. */
function handClock() {
  let at = 0;
  let timers: { due: number; run: () => void }[] = [];
  return {
    ...systemClock,
    after: (ms: number, run: () => void) => {
      const timer = { due: at + ms, run };
      timers.push(timer);
      return () => void (timers = timers.filter((each) => each !== timer));
    },
    advance: (ms: number) => {
      for (const end = at + ms; at < end; at += 1_000) {
        const due = timers.filter((timer) => timer.due <= at + 1_000);
        timers = timers.filter((timer) => !due.includes(timer));
        due.forEach((timer) => timer.run());
      }
    },
    waiting: () => timers.length,
  };
}

function bounded() {
  const clock = handClock();
  const told: string[] = [];
  const bound = boundSilence({
    clock,
    tellEveryMs: 30_000,
    silenceMsMax: 120_000,
    onStill: (line, ms) => told.push(`still ${line} ${ms / 1_000}`),
    onSilent: (line) => told.push(`silent ${line}`),
  });
  return { clock, told, bound };
}

test("who goes on saying something is waited for however long all of it takes", () => {
  const { clock, told, bound } = bounded();
  for (let step = 0; step < 20; step += 1) {
    clock.advance(29_000);
    bound.heard(`step ${step}`);
  }
  expect(told).toEqual([]);
  bound.end();
  expect(clock.waiting()).toBe(0);
});

test("a long step is told of with its name, and one without an end is given up once", () => {
  const { clock, told, bound } = bounded();
  clock.advance(40_000);
  bound.heard("opening the database");
  clock.advance(600_000);
  expect(told).toEqual([
    "still starting its process 30",
    "still opening the database 30",
    "still opening the database 60",
    "still opening the database 90",
    "silent opening the database",
  ]);
  expect(clock.waiting()).toBe(0);
});
