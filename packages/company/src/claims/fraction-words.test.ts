import { expect, test } from "vitest";
import type { Claim } from "@aito/protocol";
import { unsupportedNumbers } from "./unsupported-numbers.ts";

const claim = (value: string, unit: string): Claim => ({
  metric: "share",
  value,
  unit,
  period: null,
  entity: "company",
  receipts: ["r"],
});
const marked = (text: string, ...claims: Claim[]): string[] => unsupportedNumbers(text, claims).map(({ text: found }) => found);

test.each<[string, string[]]>([
  ["Two thirds of them come by bus, a quarter of our guests walk.", ["Two thirds", "a quarter"]],
  ["About half a million is on the way, twice as many as before.", ["half a million", "twice"]],
  ["Zwei Drittel der Kunden kommen wieder, die Hälfte der Gäste zahlt bar.", ["Zwei Drittel", "die Hälfte"]],
  ["Deux tiers des clients reviennent, la mitad de los clientes paga.", ["Deux tiers", "la mitad"]],
])("S10 shares and parts of millions in words are figures: %s", (text, wanted) => {
  expect(marked(text)).toEqual(wanted);
});

test.each([
  "A quarter of an hour, half of the day, the first half of the year, the third quarter of 2027, I tried twice.",
  "Half of all requests were served within a second; half of it is mine; the other half is open.",
  "Ein Viertel der Stunde, un quart d’heure, la metà dell’anno.",
])("S10 parts of a time, of the whole and of a median are none: %s", (text) => {
  expect(marked(text)).toEqual([]);
});

test("S10 a share in words is backed by its percentage, exact or rounded", () => {
  expect(marked("Two thirds of them come by bus.", claim("66.7", "percent"))).toEqual([]);
  expect(marked("Two thirds of them come by bus.", claim("67", "percent"))).toEqual([]);
  expect(marked("Half of them come by bus.", claim("0.5", "ratio"))).toEqual([]);
  expect(marked("Half of them come by bus.", claim("47", "percent"))).toEqual(["Half"]);
});
