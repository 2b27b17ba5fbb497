import { expect, test } from "vitest";
import { dayList, daysIn } from "./days-in.ts";

// A Friday.
const now = new Date("2026-03-20T15:00:00Z");
const one = (day: string) => [{ from: day, to: day }];

test.each([
  ["What was said on 14 March?", one("2026-03-14")],
  ["the meeting of March 3rd", one("2026-03-03")],
  ["due 2026-05-01", one("2026-05-01")],
  ["on the 2nd of December", one("2025-12-02")],
  ["on 2 December 2026", one("2026-12-02")],
  ["what did we do yesterday", one("2026-03-19")],
  ["the day before yesterday", one("2026-03-18")],
  ["call him tomorrow", one("2026-03-21")],
  ["last week", [{ from: "2026-03-09", to: "2026-03-15" }]],
  ["this month", [{ from: "2026-03-01", to: "2026-03-31" }]],
  ["in February", [{ from: "2026-02-01", to: "2026-02-28" }]],
  ["in mid March", [{ from: "2026-03-10", to: "2026-03-20" }]],
  ["in late January 2025", [{ from: "2025-01-20", to: "2025-01-31" }]],
  ["last Monday", one("2026-03-16")],
  ["on Friday", one("2026-03-20")],
  ["next Friday", one("2026-03-27")],
  ["3 days ago", one("2026-03-17")],
  ["two weeks ago", [{ from: "2026-03-03", to: "2026-03-09" }]],
  ["from 1 April to 3 April", [...one("2026-04-01"), ...one("2026-04-03")]],
])("Q03 %j speaks of its days", (text, days) => {
  expect(daysIn(text, now)).toEqual(days);
});

test.each(["we may do it", "march on", "version 2026-13-45", "on Saturdays", "31 February", "the second half", "mars 3"])(
  "Q03 %j speaks of no single day",
  (text) => {
    const days = daysIn(text, now);
    expect(days.every(({ from, to }) => from !== to)).toBe(true);
    expect(days.filter(({ from }) => Number.isNaN(Date.parse(from)))).toEqual([]);
  },
);

test("Q03 days are listed one by one and bounded", () => {
  expect(dayList([{ from: "2026-02-27", to: "2026-03-01" }])).toEqual(["2026-02-27", "2026-02-28", "2026-03-01"]);
  expect(dayList([{ from: "2026-01-01", to: "2026-12-31" }])).toEqual([]);
  expect(daysIn("on 1 March ".repeat(500), now)).toHaveLength(8);
});
