import type { BudgetView } from "@aito/protocol";
import { describe, expect, test } from "vitest";
import { companyCap, monthCourse, spentDays } from "./spent-days.ts";

const day = (name: string, modelsMicroUsd: string, containersMicroUsd = "0") => ({
  day: name,
  modelsMicroUsd,
  containersMicroUsd,
});

describe("B01 what was spent by day", () => {
  test("every day stands from the first paid one until today, silent days with nothing, models and containers apart", () => {
    const days = [day("2026-11-17", "0", "3"), day("2026-11-18", "5"), day("2026-11-20", "7")];
    expect(spentDays({ days, today: "2026-11-21" })).toEqual([
      { day: "2026-11-17", models: 0n, containers: 3n },
      { day: "2026-11-18", models: 5n, containers: 0n },
      { day: "2026-11-19", models: 0n, containers: 0n },
      { day: "2026-11-20", models: 7n, containers: 0n },
      { day: "2026-11-21", models: 0n, containers: 0n },
    ]);
  });

  test("at most thirty days, the last one today, also over a month's and a year's end", () => {
    const days = spentDays({ days: [day("2025-01-01", "1")], today: "2026-01-05" }).map((each) => each.day);
    expect([days.length, days[0], days.at(-1)]).toEqual([30, "2025-12-07", "2026-01-05"]);
  });

  test("a day beyond the thirty is not drawn", () => {
    const days = spentDays({ days: [day("2026-10-20", "9", "3"), day("2026-11-20", "5")], today: "2026-11-21" });
    expect([days.length, days[0]]).toEqual([30, { day: "2026-10-23", models: 0n, containers: 0n }]);
  });

  test("what is no day is not drawn, and nothing paid is nothing to draw", () => {
    expect(spentDays({ days: [day("\u202eyad", "9"), day("2026-14-21", "9")], today: "2026-11-21" })).toEqual([]);
    expect(spentDays({ days: [day("2026-11-21", "9")], today: "today" })).toEqual([]);
  });
});

describe("B02 the month's course", () => {
  const course = (today: string, monthMicroUsd: string | null, days: ReturnType<typeof day>[] = []) =>
    monthCourse({ days, today, monthMicroUsd });

  test("the sum grows by what was paid, and from today the estimate leads to exactly what the month will likely cost", () => {
    const days = course("2026-11-28", "45", [day("2026-10-31", "99"), day("2026-11-01", "10"), day("2026-11-28", "20", "8")]);
    expect(days).toHaveLength(30);
    expect([days[0], days[26], ...days.slice(27)]).toEqual([
      { day: "2026-11-01", spent: 10n, estimated: null },
      { day: "2026-11-27", spent: 10n, estimated: null },
      { day: "2026-11-28", spent: 30n, estimated: 30n },
      { day: "2026-11-29", spent: null, estimated: 37n },
      { day: "2026-11-30", spent: null, estimated: 45n },
    ]);
  });

  test("an estimate that is not known is not drawn, nor one on the month's last day", () => {
    expect(course("2026-11-02", null).every(({ estimated }) => estimated === null)).toBe(true);
    expect(course("2026-02-28", "5").map(({ estimated }) => estimated)).toEqual(Array(28).fill(null));
  });

  test("months have their own length", () => {
    const lasts = ["2028-02-10", "2026-12-31", "2026-04-01"].map((today) => course(today, null).at(-1)?.day);
    expect(lasts).toEqual(["2028-02-29", "2026-12-31", "2026-04-30"]);
  });
});

test("B02 the least of the company's caps of a period counts, and no other's", () => {
  const budget = (scope: string, period: string, capMicroUsd: string) => ({ scope, period, capMicroUsd }) as BudgetView;
  const budgets = [budget("company", "month", "9"), budget("company", "month", "7"), budget("agent", "month", "1")];
  expect([companyCap(budgets, "month"), companyCap(budgets, "day")]).toEqual([7n, null]);
});
