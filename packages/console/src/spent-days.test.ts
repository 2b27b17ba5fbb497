import type { BudgetView, CostForecast, CostRow, InfraCosts } from "@aito/protocol";
import { describe, expect, test } from "vitest";
import { askedSince, companyCap, monthCourse, spentDays } from "./spent-days.ts";

const row = (name: string | null, chargedMicroUsd: string) => ({ name, chargedMicroUsd }) as CostRow;
const infra = (...days: [string, string | null][]) =>
  ({ items: days.map(([name, microUsd]) => ({ name, microUsd })) }) as InfraCosts;
const forecast = (today: string, monthMicroUsd: string | null) => ({ today, monthMicroUsd }) as CostForecast;

describe("B01 what was spent by day", () => {
  test("every day stands from the first paid one until today, silent days with nothing, models and containers apart", () => {
    const rows = [row("2026-11-20", "7"), row("2026-11-18", "5")];
    expect(spentDays(rows, infra(["2026-11-17", "3"], ["2026-11-20", null]), "2026-11-21")).toEqual([
      { day: "2026-11-17", models: 0n, containers: 3n },
      { day: "2026-11-18", models: 5n, containers: 0n },
      { day: "2026-11-19", models: 0n, containers: 0n },
      { day: "2026-11-20", models: 7n, containers: 0n },
      { day: "2026-11-21", models: 0n, containers: 0n },
    ]);
  });

  test("at most thirty days, the last one today, also over a month's and a year's end", () => {
    const days = spentDays([row("2025-01-01", "1")], undefined, "2026-01-05").map(({ day }) => day);
    expect([days.length, days[0], days.at(-1)]).toEqual([30, "2025-12-07", "2026-01-05"]);
  });

  test("what is asked for holds the first drawn day, and a whole month on its last day", () => {
    const first = (today: string) => spentDays([row("2020-01-01", "1")], undefined, today)[0]!.day;
    for (const today of ["2026-01-31", "2026-03-01", "2028-03-01", "2026-12-31"]) {
      const since = askedSince(today)!;
      expect([since <= first(today), since <= `${today.slice(0, 8)}01`], today).toEqual([true, true]);
    }
    expect([askedSince("2026-03-01"), askedSince("today")]).toEqual(["2026-01-30", undefined]);
  });

  test("a day that was asked for beyond the thirty is not drawn", () => {
    const days = spentDays([row("2026-10-21", "9"), row("2026-11-20", "5")], infra(["2026-10-20", "3"]), "2026-11-21");
    expect([days.length, days[0]]).toEqual([30, { day: "2026-10-23", models: 0n, containers: 0n }]);
  });

  test("what is no day is not drawn, and nothing paid is nothing to draw", () => {
    expect(spentDays([row("\u202eyad", "9"), row(null, "9")], undefined, "2026-11-21")).toEqual([]);
    expect(spentDays([row("2026-11-21", "9")], undefined, "today")).toEqual([]);
  });
});

describe("B02 the month's course", () => {
  test("the sum grows by what was paid, and from today the estimate leads to exactly what the month will likely cost", () => {
    const rows = [row("2026-10-31", "99"), row("2026-11-01", "10"), row("2026-11-28", "20")];
    const course = monthCourse(rows, forecast("2026-11-28", "45"));
    expect(course).toHaveLength(30);
    expect([course[0], course[26], ...course.slice(27)]).toEqual([
      { day: "2026-11-01", spent: 10n, estimated: null },
      { day: "2026-11-27", spent: 10n, estimated: null },
      { day: "2026-11-28", spent: 30n, estimated: 30n },
      { day: "2026-11-29", spent: null, estimated: 37n },
      { day: "2026-11-30", spent: null, estimated: 45n },
    ]);
  });

  test("an estimate that is not known is not drawn, nor one on the month's last day", () => {
    expect(monthCourse([], forecast("2026-11-02", null)).every(({ estimated }) => estimated === null)).toBe(true);
    expect(monthCourse([], forecast("2026-02-28", "5")).map(({ estimated }) => estimated)).toEqual(Array(28).fill(null));
  });

  test("months have their own length", () => {
    const days = ["2028-02-10", "2026-12-31", "2026-04-01"].map((today) => monthCourse([], forecast(today, null)).at(-1)?.day);
    expect(days).toEqual(["2028-02-29", "2026-12-31", "2026-04-30"]);
  });
});

test("B02 the least of the company's caps of a period counts, and no other's", () => {
  const budget = (scope: string, period: string, capMicroUsd: string) => ({ scope, period, capMicroUsd }) as BudgetView;
  const budgets = [budget("company", "month", "9"), budget("company", "month", "7"), budget("agent", "month", "1")];
  expect([companyCap(budgets, "month"), companyCap(budgets, "day")]).toEqual([7n, null]);
});
