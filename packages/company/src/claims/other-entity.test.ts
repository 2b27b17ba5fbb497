import type { Claim } from "@aito/protocol";
import { expect, test } from "vitest";
import { measuresOf } from "./measures.ts";
import { unsupportedNumbers } from "./unsupported-numbers.ts";

const claim = (given: Partial<Claim>): Claim => ({
  metric: "faults",
  value: "83",
  unit: "count",
  period: null,
  entity: "Rotterdam",
  receipts: ["r"],
  ...given,
});
const marked = (text: string, given: Partial<Claim> = {}): string[] =>
  unsupportedNumbers(text, [claim(given)]).map((mark) => mark.text);

test.each([
  "Antwerp had 83 faults.",
  "83 in the Antwerp plant",
  "The Antwerp hub reported some 83.",
  "Das Werk Gent hatte 83.",
  "L’agence de Lille : hier, elle a eu 83. Lille avait 83.",
])("S10 a figure that is said of somebody else by name is marked: %s", (text) => {
  expect(marked(text)).toContain("83");
});

test.each([
  "We had 83 faults.",
  "The port of Rotterdam: it had 83. Antwerp had none.",
  "Faults had 83 causes.",
  "83 of the day shift",
  "In all there were 83.",
])("S10 a figure of nobody by name, or in a text that names its own, is left alone: %s", (text) => {
  expect(marked(text)).toEqual([]);
});

test("S10 a figure of one place is marked where only another is named, whatever stands between", () => {
  expect(marked("Faults in Wales: 83.")).toEqual(["83"]);
  expect(marked("In May 83 faults were open in English.", { entity: "company" })).toEqual([]);
  expect(marked("Faults in March: 83.")).toEqual([]);
  expect(marked("Rotterdam sent it to Ghent; faults in Wales: 83.")).toEqual([]);
});

test("S10 a figure of the whole company may be said of any part of the sentence", () => {
  expect(marked("Antwerp had 83 faults.", { entity: "company" })).toEqual([]);
});

test("S10 a figure that is lent to something else that businesses count is marked, the same in other words is not", () => {
  const visits = { metric: "visits", entity: "company" };
  expect(marked("We got 83 invoices.", visits)).toEqual(["83"]);
  expect(marked("Downloads: 83", visits)).toEqual(["83"]);
  expect(marked("83 open complaints", visits)).toEqual(["83"]);
  expect(marked("83 sessions, 83 visiteurs, Besucher: 83", visits)).toEqual([]);
  expect(marked("Of the visits 83 ended in invoices.", visits)).toEqual([]);
  expect(marked("83 gadgets", visits)).toEqual([]);
});

test("S10 things are known in the singular and the plural, in several languages", () => {
  for (const word of ["order", "orders", "Bestellungen", "commandes", "pedidos", "ordini"])
    expect([word, measuresOf(word).size > 0]).toEqual([word, true]);
  expect(measuresOf("gadget").size).toBe(0);
});
