import type { Claim } from "@aito/protocol";
import { expect, test } from "vitest";
import { unsupportedNumbers } from "./unsupported-numbers.ts";

const marked = (text: string, value: string, unit: string): string[] => {
  const claim: Claim = { metric: "m", value, unit, period: null, entity: "company", receipts: ["r"] };
  return unsupportedNumbers(text, [claim]).map((mark) => mark.text);
};

test.each([
  ["2.35 t, or 2,350 kilos", "2350", "kg"],
  ["740 kg", "0.74", "t"],
  ["3,2 Tonnen", "3200", "kg"],
  ["1.5 litres and 1,500 ml", "1.5", "l"],
  ["12.4 km", "12400", "m"],
  ["12 m", "12", "m"],
  ["4 MWh", "4000", "kWh"],
  ["3 days; that is 72 hours", "3", "days"],
  ["45 Minuten", "45", "minutes"],
])("S10 masses, lengths, volumes, energy and spelled units are turned into each other: %s is %s %s", (text, value, unit) => {
  expect(marked(text, value, unit)).toEqual([]);
});

test.each([
  ["We moved 2,350 t out of it", "2350", "kg", "2,350 t"],
  ["740 g", "740", "kg"],
  ["12.4 miles", "12.4", "km"],
  ["90 litres", "90", "kg"],
  ["3 weeks", "3", "days"],
] as [string, string, string, string?][])(
  "S10 a number in another unit than its claim is marked: %s is not %s %s",
  (text, value, unit, found = text) => {
    expect(marked(text, value, unit)).toEqual([found]);
  },
);

test("S10 a comma before three digits stands between thousands where the text is English or shows it", () => {
  expect(marked("The average is worth 2.719 EUR", "2719", "EUR")).toEqual(["2.719 EUR"]);
  expect(marked("2,719 EUR, or 2,719.00", "2.719", "EUR")).toEqual(["2,719 EUR", "2,719.00"]);
  expect(marked("Im Schnitt sind es 2.719 EUR", "2719", "EUR")).toEqual([]);
  expect(marked("The share is 4,5 % and the rest 2.719 EUR", "2719", "EUR")).toEqual(["4,5 %"]);
});
