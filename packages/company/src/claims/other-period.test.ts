import type { Claim } from "@aito/protocol";
import { expect, test } from "vitest";
import { toldTimes } from "./told-times.ts";
import { unsupportedNumbers } from "./unsupported-numbers.ts";

const claim = (value: string, from: string, to: string): Claim => ({
  metric: "sales",
  value,
  unit: "count",
  period: { from: `${from}T00:00:00Z`, to: `${to}T00:00:00Z` },
  entity: "company",
  receipts: ["r"],
});
const march = claim("740", "2027-03-01", "2027-04-01");
const ninth = claim("58", "2027-03-09", "2027-03-10");
const marked = (text: string, ...claims: Claim[]): string[] => unsupportedNumbers(text, claims).map((mark) => mark.text);

test.each([
  "In April we sold 740.",
  "740 sales in May",
  "Verkäufe im April: 740.",
  "Ventes d’avril : 740.",
  "Ventas de abril: 740.",
  "Sales in March 2026: 740",
])("S10 a month's figure told of another month is marked: %s", (text) => {
  expect(marked(text, march)).toEqual(["740"]);
});

test.each([
  "In March we sold 740, more than in February.",
  "March: 740 sales. The books were closed in April.",
  "740 sales in Q1; the plan for April stands.",
  "740 sales, as agreed since January.",
  "As of 2 April, 740 sales are booked.",
  "You may say that 740 is much.",
  "In 2027-03 we sold 740; in April we go on.",
])("S10 a month's figure beside another month that it is not told of is left alone: %s", (text) => {
  expect(marked(text, march)).toEqual([]);
});

test.each([
  "On 10 March we sold 58.",
  "March 8: 58 sales",
  "Am 10. März waren es 58.",
  "2027-03-10: 58",
  "10.03.2027: 58",
  "In May we sold 58 a day.",
])("S10 a day's figure told of another day is marked: %s", (text) => {
  expect(marked(text, ninth)).toEqual(["58"]);
});

test("S10 figures of two days that are exchanged between two sentences are marked", () => {
  const tenth = claim("61", "2027-03-10", "2027-03-11");
  expect(marked("9 March: 58 sales. 10 March: 61 sales.", ninth, tenth)).toEqual([]);
  expect(marked("9 March: 61 sales. 10 March: 58 sales.", ninth, tenth)).toEqual(["61", "58"]);
});

test("S10 months and days are read with and without their year, words that only look like them are not", () => {
  const told = toldTimes(
    "On 4 July 2027, in June, 2027-05-03, am 7. März, le 8 mai, in May; they march on and may build Mars bars.",
  );
  expect(told.map(({ month, day, year }) => [month + 1, day, year])).toEqual([
    [7, 4, 2027],
    [6, null, null],
    [5, 3, 2027],
    [3, 7, null],
    [5, 8, null],
    [5, null, null],
  ]);
});
