import fc from "fast-check";
import { expect, test } from "vitest";
import { nextCron, parseCron } from "./cron.ts";

const zones = ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"];
const instant = fc.integer({ min: Date.parse("2026-01-01"), max: Date.parse("2028-12-31") }).map((ms) => new Date(ms));
const wall = (at: Date, zone: string): string =>
  new Intl.DateTimeFormat("en-GB", { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at);

test("O07 a daily time keeps its hour on the wall over every change of the clocks, once a day and never twice", () => {
  fc.assert(
    fc.property(
      instant,
      fc.constantFrom(...zones),
      fc.integer({ min: 4, max: 23 }),
      fc.integer({ min: 0, max: 59 }),
      (from, zone, hour, minute) => {
        const cron = { pattern: `${minute} ${hour} * * *`, zone };
        let at = nextCron(cron, from)!;
        expect(at.getTime()).toBeGreaterThan(from.getTime());
        expect(at.getTime() - from.getTime()).toBeLessThanOrEqual(25 * 3_600_000);
        for (let day = 0; day < 5; day += 1) {
          expect(wall(at, zone)).toBe(`${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`);
          const next = nextCron(cron, at)!;
          const hours = (next.getTime() - at.getTime()) / 3_600_000;
          expect(hours >= 23 && hours <= 25).toBe(true);
          at = next;
        }
      },
    ),
    { numRuns: 300 },
  );
});

test("O07 an hour that a change of the clocks leaves out or repeats fires once that day", () => {
  const cron = { pattern: "30 2 * * *", zone: "Europe/Berlin" };
  for (const change of ["2026-03-29", "2026-10-25", "2027-03-28", "2027-10-31"]) {
    const from = new Date(`${change}T00:00:00Z`).getTime() - 3 * 3_600_000;
    const fires: number[] = [];
    for (let at = nextCron(cron, new Date(from))!; at.getTime() < from + 27 * 3_600_000; at = nextCron(cron, at)!)
      fires.push(at.getTime());
    expect(fires.length, change).toBe(1);
  }
});

test.each([
  ["Cron 0 9 * * 1-5 Europe/Berlin", 86_400 - 3_600],
  ["cron */15 * * * *", 900],
  ["Cron 0 */4 * * * UTC", 14_400],
])("O07 %j is read", (text, atLeast) => {
  expect(parseCron(text)!.gapSeconds).toBeGreaterThanOrEqual(atLeast);
});

test.each([
  "Cron",
  "Cron 0 9 * *",
  "Cron 61 9 * * *",
  "Cron 0 9 * * * Mars/Olympus",
  "Cron 0 0 31 2 *",
  "0 9 * * *",
  "Cron * * * * * * *",
])("%j is no schedule", (text) => {
  expect(parseCron(text)).toBeNull();
});
