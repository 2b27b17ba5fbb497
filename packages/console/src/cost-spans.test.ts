import { describe, expect, test } from "vitest";
import { firstDay, spanTold } from "./cost-spans.ts";
import { spentDays } from "./spent-days.ts";

describe("B01 the time whose costs are shown", () => {
  test("it is of whole days, today the last one, also over a month's and a year's end", () => {
    const begins = (today: string) => (["today", "week", "month", "all"] as const).map((span) => firstDay(span, today));
    expect(begins("2026-11-22")).toEqual(["2026-11-22", "2026-11-16", "2026-10-24", undefined]);
    expect(begins("2026-01-03")).toEqual(["2026-01-03", "2025-12-28", "2025-12-05", undefined]);
    expect(firstDay("today", "no day")).toBeUndefined();
  });

  test("thirty days are those that the chart of days draws", () => {
    const days = [{ day: "2020-01-01", modelsMicroUsd: "1", containersMicroUsd: "0" }];
    expect(spentDays({ days, today: "2026-11-22" })[0]!.day).toBe(firstDay("month", "2026-11-22"));
  });

  test("it is told with the midnight that it begins at", () => {
    const company = { today: "2026-11-22", timeZone: "America/Argentina/Buenos_Aires" };
    expect(spanTold("week", company)).toBe("From Nov 16, 2026, midnight in America/Argentina/Buenos Aires, until now.");
    expect(spanTold("all", company)).toBe("From the first record until now.");
  });
});
