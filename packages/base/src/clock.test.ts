import { expect, test } from "vitest";
import { followingClock, monotonicMs } from "./clock.ts";

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
