import { expect, test } from "vitest";
import { findNumbers } from "./find-numbers.ts";
import { undisguised } from "./undisguised.ts";

const found = (text: string): string[] => findNumbers(text).map((number) => number.text);

test.for([
  ["We had #48000 customers.", "48000"],
  ["The team of #48000 customers grows.", "48000"],
  ["Revenue: #48000 USD", "48000 USD"],
  ["Revenue was v48000 USD last month.", "48000 USD"],
  ["We had v48000 customers.", "48000"],
  ["Margin rose to r48%.", "48%"],
  ["Spend: x48000 euros in all.", "48000 euros"],
  ["We had №48000 customers.", "48000"],
  ["We made §48000 EUR.", "48000 EUR"],
  ["We won! 48000 customers came.", "48000"],
  ["Item no. 48000 customers", "48000"],
  ["Order no. 48000 USD revenue", "48000 USD"],
  ["We had ٤٨٠٠٠ customers.", "٤٨٠٠٠"],
  ["Revenue was ٤٨٬٠٠٠٫٥٠ USD.", "٤٨٬٠٠٠٫٥٠ USD"],
  ["Margin rose to ٤٨٪.", "٤٨٪"],
  ["We had ४८००० customers.", "४८०००"],
  ["We had ４８０００ customers.", "４８０００"],
])("Y07 %s states a figure", ([text, figure]) => {
  expect(found(text!)).toEqual([figure]);
});

test.for([
  "Fixed #48000.",
  "Closes #48000 and #48001.",
  "We closed #4711 yesterday.",
  "Customers of #4711 wait.",
  "Merged !48000.",
  "v48000 is out, and r48213 was the last commit.",
  "We shipped v2 endpoints.",
  "Q3 EUR revenue and H1 USD costs are in the file.",
  "See § 48 and №12.",
  "Item A48000 was sold out.",
  "Ticket 9300: customers cannot pay.",
])("%s states none", (text) => {
  expect(found(text)).toEqual([]);
});

test("a text stays as long as it is, and what was read in other digits says its value", () => {
  for (const text of ["We had #48000 customers.", "٤٨٬٠٠٠٫٥ USD", "𝟒𝟖 customers", "v48000 USD, ٤٨٪"]) {
    expect(undisguised(text)).toHaveLength(text.length);
  }
  const [number] = findNumbers("Revenue was ٤٨٬٠٠٠٫٥٠ USD.");
  expect(number!.readings[0]).toMatchObject({ value: { num: 4_800_050n, den: 100n }, unit: "USD" });
});
