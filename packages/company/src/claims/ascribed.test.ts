import type { Claim } from "@aito/protocol";
import { expect, test } from "vitest";
import { namedPeriods } from "./named-periods.ts";
import { unsupportedNumbers } from "./unsupported-numbers.ts";

const month = (number: number, year = 2026): Claim["period"] => ({
  from: new Date(Date.UTC(year, number - 1, 1)).toISOString(),
  to: new Date(Date.UTC(year, number, 1)).toISOString(),
});
const claim = (value: string, given: Partial<Claim> = {}): Claim => ({
  metric: "visits",
  value,
  unit: "count",
  period: month(5),
  entity: "north",
  receipts: ["r"],
  ...given,
});
const marked = (text: string, ...claims: Claim[]): string[] => unsupportedNumbers(text, claims).map((mark) => mark.text);

const places = [claim("430", { entity: "North" }), claim("512", { entity: "South" })];
test.each([
  "North had 430 visits, South 512.",
  "430 visits in North and 512 in South.",
  "North and South had 430 and 512 visits.",
  "South had 512, which is more than the 430 of North.",
  "In North we had 430 visits, 512 in South.",
  "| North | 430 |\n| South | 512 |",
  "From 430 (North) to 512 (South).",
  "Both grew: 430 and 512.",
])("S10 figures are given to what they are about, in whichever order: %s", (text) => {
  expect(marked(text, ...places)).toEqual([]);
});

test.each([
  "North had 512 visits, South 430.",
  "512 visits in North and 430 in South.",
  "North and South had 512 and 430 visits.",
])("S10 figures that are exchanged are marked: %s", (text) => {
  expect(marked(text, ...places).toSorted()).toEqual(["430", "512"]);
});

test("S10 figures of two months or of two metrics that are exchanged are marked", () => {
  const months = [claim("9.8", { unit: "h", period: month(4) }), claim("7.1", { unit: "h" })];
  expect(marked("It fell from 9.8 h in April 2026 to 7.1 h in May 2026.", ...months)).toEqual([]);
  expect(marked("May 2026: 7.1 h, April 2026: 9.8 h.", ...months)).toEqual([]);
  expect(marked("It rose from 7.1 h in April 2026 to 9.8 h in May 2026.", ...months)).toEqual(["7.1 h", "9.8 h"]);
  const flows = [claim("31", { metric: "tickets_opened" }), claim("44", { metric: "tickets_closed" })];
  expect(marked("In May 2026 we closed 44 tickets and opened 31.", ...flows)).toEqual([]);
  expect(marked("31 tickets opened, 44 closed.", ...flows)).toEqual([]);
  expect(marked("In May 2026 we closed 31 tickets and opened 44.", ...flows)).toEqual(["31", "44"]);
});

test("S10 a figure of one month told of another is marked, unless the text names its own month too", () => {
  const may = claim("1284");
  expect(marked("In April 2026 we had 1,284 visits.", may)).toEqual(["1,284"]);
  expect(marked("Im April 2026 waren es 1.284.", may)).toEqual(["1.284"]);
  expect(marked("In May 2026 we had 1,284 visits. Plans for June 2026 stand.", may)).toEqual([]);
  expect(marked("As agreed since April 2026: 1,284 visits.", may)).toEqual([]);
  expect(marked("The plan of 3 April 2026 holds; 1,284 visits.", may)).toEqual([]);
  expect(marked("# May 2026\n\nIn Q2 2026 all is well, with 1,284 visits.", may)).toEqual([]);
  const year = claim("1284", { period: { from: "2026-01-01T00:00:00Z", to: "2026-04-01T00:00:00Z" } });
  expect(marked("1,284 visits in Q1 2025", year)).toEqual(["1,284"]);
  expect(marked("1,284 visits in the 1st quarter of 2026", year)).toEqual([]);
});

test("S10 what a mark says names what the figure is about", () => {
  const [mark] = unsupportedNumbers("In April 2026 we had 1,284 visits.", [claim("1284")]);
  expect(mark!.why).toContain("visits of north (2026-05-01 to 2026-06-01)");
});

test("S10 months, quarters and halves with their year are read in several languages", () => {
  const named = namedPeriods(
    "mai 2026, März 2026, ottobre 2026, Q3 2026, T1 2027, H2 2026, 2. Quartal 2026, 4 May 2026, the 2026 plan",
  );
  expect(named.map(({ from }) => new Date(from).toISOString().slice(0, 7))).toEqual([
    "2026-05",
    "2026-03",
    "2026-10",
    "2026-07",
    "2027-01",
    "2026-07",
    "2026-04",
  ]);
});

test("S10 a long text with many claims is read in bounded time", () => {
  const claims = Array.from({ length: 50 }, (_, at) =>
    claim(String(1_000 + at), { entity: `Place ${String.fromCharCode(65 + (at % 26))}${at}` }),
  );
  for (const piece of ["In April 2026 Place A0 had 1,000 and Place B1 1,001. ", "1,000 of Place A0 1,001 ", "1,000. "]) {
    const text = piece.repeat(Math.floor(50_000 / piece.length));
    // Read in quadratic time, this would outlast the test.
    expect(unsupportedNumbers(text, claims)).toBeDefined();
  }
});
