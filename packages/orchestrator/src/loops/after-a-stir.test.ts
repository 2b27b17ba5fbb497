import { expect, test } from "vitest";
import { afterAStir } from "./after-a-stir.ts";
import type { Pace } from "./pace.ts";

const resting = { rests: () => true } as Pace;
const busy = { rests: () => false } as Pace;

test("Y15 what happenings leave behind is put in order soon after one, also when it was short, and seldom in a company that rests", () => {
  const due = afterAStir({ everyMs: 60, restMs: 600, doneAt: 0 });
  expect([due.isDue(59, resting), due.isDue(300, resting), due.isDue(600, resting)]).toEqual([false, false, true]);
  due.done(600);
  // Too early while something happens, and remembered when it is over.
  expect([due.isDue(630, busy), due.isDue(659, resting), due.isDue(660, resting)]).toEqual([false, false, true]);
  due.done(660);
  expect([due.isDue(800, resting), due.isDue(1_260, resting)]).toEqual([false, true]);
});

test("Y15 what was never put in order is due at once, and a clock that was set back silences nothing", () => {
  expect(afterAStir({ everyMs: 60, restMs: 600, doneAt: null }).isDue(0, resting)).toBe(true);
  const due = afterAStir({ everyMs: 60, restMs: 600, doneAt: 10_000 });
  expect(due.isDue(0, resting)).toBe(true);
});
