import { expect, test } from "vitest";
import { contradicts, saysTheSame, type StatedValue } from "./contradicts.ts";

const at = new Date("2026-11-02T09:00:00Z");
const stated = (value: string, unit: string, over: Partial<StatedValue> = {}): StatedValue => ({
  value,
  unit,
  observedAt: at,
  source: null,
  isPeriod: true,
  ...over,
});
const both = (a: StatedValue, b: StatedValue): boolean[] => [contradicts(a, b), contradicts(b, a)];

test.each([
  ["another unit of the same kind", ["90", "min"], ["1.5", "h"]],
  ["percent and ratio", ["12.5", "percent"], ["0.125", "ratio"]],
  ["basis points", ["125", "bp"], ["1.25", "percent"]],
  ["minor units", ["1204.50", "EUR"], ["120450", "EUR_minor"]],
  ["bytes", ["1.5", "GB"], ["1500", "MB"]],
  ["a rounding", ["12345.67", "USD"], ["12346", "USD"]],
  ["a rounding in another unit", ["5400", "s"], ["1.5", "h"]],
  ["a rounding to thousands' decimals", ["0.3333", "h"], ["20", "min"]],
  ["trailing noughts", ["100", "count"], ["100.00", "count"]],
  ["another currency", ["1204", "EUR"], ["1400", "USD"]],
  ["another currency's minor units", ["1204", "EUR_minor"], ["1204", "USD"]],
  ["a count and a share", ["12", "count"], ["12", "percent"]],
  ["a word that nobody knows as a unit", ["90", "fortnights"], ["2", "min"]],
  ["the same in two words for the unit", ["120", "minutes"], ["2", "hours"]],
  ["two names that nobody knows", ["5", "points"], ["7", "score"]],
  ["no number", ["about five", "count"], ["7", "count"]],
] as [string, [string, string], [string, string]][])("S07 no contradiction: %s", (_what, a, b) => {
  expect(both(stated(...a), stated(...b))).toEqual([false, false]);
});

test.each([
  ["another value", ["1204", "count"], ["1300", "count"]],
  ["another value in another unit", ["90", "min"], ["2", "h"]],
  ["a hundred times as much", ["12.5", "percent"], ["12.5", "ratio"]],
  ["cents taken for whole", ["120450", "EUR"], ["120450", "EUR_minor"]],
  ["the same name that nobody knows", ["5", "points"], ["7", "points"]],
  ["a lost minus", ["-120", "EUR"], ["120", "EUR"]],
] as [string, [string, string], [string, string]][])("S07 a contradiction: %s", (_what, a, b) => {
  expect(both(stated(...a), stated(...b))).toEqual([true, true]);
});

test("S07 values at a moment contradict only where two systems were asked within an hour", () => {
  const now = { isPeriod: false, source: "till" } as const;
  const later = new Date(at.getTime() + 3_600_001);
  expect(both(stated("5", "count", now), stated("7", "count", now))).toEqual([false, false]);
  expect(both(stated("5", "count", now), stated("7", "count", { ...now, source: "books" }))).toEqual([true, true]);
  expect(both(stated("5", "count", now), stated("7", "count", { ...now, source: "books", observedAt: later }))).toEqual([
    false,
    false,
  ]);
});

test("S07 the same is said in another unit, rounded, and by anybody; not of another kind, and not of another moment", () => {
  const same = (a: StatedValue, b: StatedValue): boolean[] => [saysTheSame(a, b), saysTheSame(b, a)];
  expect(same(stated("90", "min"), stated("1.5", "h"))).toEqual([true, true]);
  expect(same(stated("12346", "USD"), stated("12345.67", "USD"))).toEqual([true, true]);
  expect(same(stated("1204", "count"), stated("1300", "count"))).toEqual([false, false]);
  expect(same(stated("1204", "EUR"), stated("1204", "USD"))).toEqual([false, false]);
  const now = { isPeriod: false, source: "till" } as const;
  expect(same(stated("5", "count", now), stated("5", "count", { ...now, source: "books" }))).toEqual([true, true]);
  const later = new Date(at.getTime() + 3_600_001);
  expect(same(stated("5", "count", now), stated("5", "count", { ...now, observedAt: later }))).toEqual([false, false]);
});
