import { expect, test } from "vitest";
import { followingClock, monotonicMs, togetherMs } from "./clock.ts";

const hourMs = 3_600_000;

test("F12 a following clock shows the program's time until a database has told its own, and that one from then on", () => {
  let programMs = Date.parse("2026-03-02T09:00:00Z");
  const clock = followingClock(() => programMs);
  expect(Math.abs(clock.now().getTime() - programMs)).toBeLessThan(1_000);
  const database = Date.parse("2026-03-02T12:00:00Z");
  clock.follow!(new Date(database), monotonicMs());
  expect(clock.now().getTime()).toBeGreaterThanOrEqual(database - 1);
  expect(clock.now().getTime()).toBeLessThan(database + 1_000);
  // The program's clock jumps by a day: nobody looks at it any more.
  programMs += 24 * hourMs;
  expect(clock.now().getTime()).toBeLessThan(database + 1_000);
});

test("F12 an answer that was long under way moves a clock that is right by nothing, and one that is wrong into its bounds", () => {
  const clock = followingClock(() => 0);
  const start = Date.parse("2026-03-02T09:00:00Z");
  clock.follow!(new Date(start), monotonicMs());
  // Asked five seconds ago: the database's time was told somewhere in them.
  clock.follow!(new Date(start - 4_000), monotonicMs() - 5_000);
  expect(clock.now().getTime()).toBeGreaterThanOrEqual(start - 1);
  expect(clock.now().getTime()).toBeLessThan(start + 500);
  clock.follow!(new Date(start - hourMs), monotonicMs() - 5_000);
  expect(clock.now().getTime() - (start - hourMs)).toBeGreaterThan(4_900);
  expect(clock.now().getTime() - (start - hourMs)).toBeLessThan(5_500);
});

test("Y15 long waits of a program end together, none later than asked and none twice in a moment", () => {
  expect([500, 2_000, 12_000].map((ms) => togetherMs(ms, 123))).toEqual([500, 2_000, 12_000]);
  for (const nowMs of [0, 3, 123.4, 4_999.2, 14_999.6, 15_000, 987_654.3]) {
    for (const [ms, grid] of [
      [2_500, 2_500],
      [7_500, 2_500],
      [10_000, 5_000],
      [12_500, 2_500],
      [60_000, 5_000],
    ] as const) {
      const waits = togetherMs(ms, nowMs);
      const rest = (nowMs + waits) % grid;
      expect(Math.min(rest, grid - rest), `${ms} at ${nowMs}`).toBeLessThan(1);
      expect(waits, `${ms} at ${nowMs}`).toBeLessThanOrEqual(ms);
      expect(waits, `${ms} at ${nowMs}`).toBeGreaterThan(ms - grid);
    }
  }
  // A timer that fired half a millisecond early waits for its whole time again.
  expect(togetherMs(2_500, 9_999.5)).toBe(2_500);
});
