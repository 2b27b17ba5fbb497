import type { CheckedClaim } from "@aito/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { backNumbers, statedBy } from "./back-numbers.ts";
import { findNumbers } from "./find-numbers.ts";
import { mayRepeat } from "./near-claims.ts";
import { repeats } from "./unsupported-numbers.ts";

const receipt = "0198f000-0000-7000-8000-000000000001";
const claim = (over: Partial<CheckedClaim>): CheckedClaim => ({
  id: "0198f000-0000-7000-8000-0000000000c1",
  agent: "cfo",
  task: null,
  metric: "revenue",
  value: "12345.67",
  unit: "USD",
  period: null,
  entity: "shop",
  receipts: ["no id", receipt],
  verified: true,
  why: null,
  observedAt: null,
  at: "2026-11-01T00:00:00.000Z",
  ...over,
});
const followed = (text: string, claims: CheckedClaim[], of = {}) =>
  backNumbers(text, claims, of).map((number) => [number.text, number.receipt === receipt]);

test("S08 a number leads to the receipt of the claim that says it, where the text names the metric or the number is telling", () => {
  expect(followed("Revenue was $12,346 in all.", [claim({})])).toEqual([["$12,346", true]]);
  expect(followed("We made $12,345.67.", [claim({})])).toEqual([["$12,345.67", true]]);
  const few = claim({ metric: "orders", value: "12", unit: "count" });
  expect(followed("12 orders came in.", [few])).toEqual([["12", true]]);
  expect(followed("12 tickets came in.", [few])).toEqual([["12", false]]);
  expect(followed("12 tickets came in.", [{ ...few, task: "t1" }], { task: "t1" })).toEqual([["12", true]]);
  expect(followed("13 orders came in.", [few])).toEqual([["13", false]]);
});

test("S08 a number whose claim cites nothing that exists, and one in another currency, lead nowhere", () => {
  expect(followed("Revenue was $12,345.67.", [claim({ receipts: ["made up"] })])).toEqual([["$12,345.67", false]]);
  expect(followed("Revenue was €12,345.67.", [claim({})])).toEqual([["€12,345.67", false]]);
});

test("S08 a record's own amount is no claim of whoever repeats it", () => {
  expect(backNumbers("$400 is 2 % of what is left", [], { amountMicroUsd: "400000000" }).map(({ text }) => text)).toEqual([
    "2 %",
  ]);
  expect(backNumbers("400 visitors for $401", [], { amountMicroUsd: "400000000" }).map(({ text }) => text)).toEqual([
    "400",
    "$401",
  ]);
});

test("S08 what a receipt says leads to it", () => {
  expect(statedBy("publish_text was refused: 500 characters at most", receipt)).toMatchObject([{ text: "500", receipt }]);
});

test("S08 what is left out before exact arithmetic is only what cannot be a claim's rounding", () => {
  const decimal = fc.tuple(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 0, max: 4 }));
  const text = ([digits, scale]: [number, number]): string => {
    const plain = Math.abs(digits)
      .toString()
      .padStart(scale + 1, "0");
    return `${digits < 0 ? "-" : ""}${plain.slice(0, plain.length - scale)}${scale > 0 ? `.${plain.slice(-scale)}` : ""}`;
  };
  const units = ["", "%", " ms", " s", " min", " h", " USD", " EUR", " MB", " GB", " million"];
  const kinds = ["count", "ratio", "percent", "ms", "s", "min", "h", "USD", "USD_minor", "EUR", "MB", "points"];
  fc.assert(
    fc.property(
      decimal,
      fc.integer({ min: 0, max: 4 }),
      fc.constantFrom(...units),
      fc.constantFrom(...kinds),
      (stated, cut, written, unit) => {
        const value = text(stated);
        const shorter = Number(value).toFixed(Math.min(cut, stated[1]));
        for (const number of findNumbers(`It was ${shorter}${written} in all`)) {
          if (repeats(number, { value, unit }))
            expect([value, unit, number.text, mayRepeat(number, { value, unit })]).toEqual([value, unit, number.text, true]);
        }
      },
    ),
  );
});
