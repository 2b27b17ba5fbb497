import { expect, test } from "vitest";
import type { Claim } from "@aito/protocol";
import { findNumbers } from "./find-numbers.ts";
import { maskText } from "./mask-text.ts";
import { unsupportedNumbers } from "./unsupported-numbers.ts";

const numbers = (text: string, titles: string[] = []): string[] => findNumbers(text, titles).map((number) => number.text);
const claim = (value: string, unit: string): Claim => ({
  metric: "m",
  value,
  unit,
  period: null,
  entity: "company",
  receipts: ["r"],
});
const marked = (text: string, ...claims: Claim[]): string[] => unsupportedNumbers(text, claims).map((mark) => mark.text);

test("S10 finds the quantities of a text, with their currency, multiplier and unit", () => {
  expect(numbers("We had 1,204 visits, up 12.5% at $5,000 or €1.2M; -3.5 % and 12 ms, USD 1,000.50, 45 cents.")).toEqual([
    "1,204",
    "12.5%",
    "$5,000",
    "€1.2M",
    "-3.5 %",
    "12 ms",
    "USD 1,000.50",
    "45 cents",
  ]);
  expect(numbers("1.234.567,50 € and 46 820,86 $, 6,81k; range 5–7 %; **1,300** of 15")).toEqual([
    "1.234.567,50 €",
    "46 820,86 $",
    "6,81k",
    "5",
    "7 %",
    "1,300",
    "15",
  ]);
});

test.each([
  "# 2. Results\n\n1. First\n2) Second\n> 3. Third\n[4] note",
  "On 2026-10-01 at 10:30 am, 3 March 2026, October 1–7, 2026, Q3 2026, FY26, in 2026, the 2026 plan, 1.2.2026, 14:05 UTC",
  "v1.2.3, version 2.0, Node 24, release 2.4, 10.0.0.1, the 3rd and 21st time, 24/7",
  "#12, T-12, OPS-674, task 12, order 10045, invoice 88, c355007a-e9b7-4771-adc3-beb7edceb8cb, 3f26dd1, sha256, p95, week 42, step 3",
  "for 2023, (2023), FY2026/27, vs 2024, 25-Jul-2026, 20260725, 07/25/2026, 1 May to 3 June 2026, 3Q26, July '26, quarter 3 of 2026",
  "INV/2026/0012, PR#12, №5, IBAN DE89 3704 0044 0532 0130 00, localhost:8080/12, /reports/5613?page=19, report-2026-10.pdf, v2.x",
  "| # | what | when |\n|---|---|---|\n| 1 | foo | 2024 |\n| 2 | bar | 2025 |\n\n    retry_max = 21",
  "“Answer 40 open letters” comes next; ‘Fix 58 broken links’ waits.",
  "+1 415 555 0145, (030) 12345678, 555-0134, see https://a.example/5613?page=19, mail bob2@x99.example, `retry_max=21`",
  '```\n42 is code\n```\nThe task "Fix 58 broken links" is next. Finished "Reach 500 signups".',
  "A 2-sided test, the 27-inch screen, a 14-day trial, 16:9 and 4:3, people 25-34, KW 12/2026, from 3 to 9 May 2026, due 11/28",
  "van 12, exit 31, hub 4, campaign 99120, ad group 7",
  "```sh\nworkers: 12\nretries: 3\n```",
])("S10 what is no quantity is none: %s", (text) => {
  expect(numbers(text)).toEqual([]);
});

test("S10 a quotation of the task's own words is not the report's number; the same number elsewhere is", () => {
  const title = "Announce the airdrop of $5,000";
  expect(numbers(`# ${title}\n\nIt went out.`, [title])).toEqual([]);
  expect(numbers(`# ${title}\n\nWe paid $5,000.`, [title])).toEqual(["$5,000"]);
  expect(numbers('They said "we had 500 visits".')).toEqual(["500"]);
});

test("S10 a number is backed by a claim of the same value, in the unit that the text gives, rounded where it is written", () => {
  expect(marked("1,204 visits, about 1.2k", claim("1204", "count"))).toEqual([]);
  expect(marked("12.5 %, or 0.125", claim("0.125", "ratio"))).toEqual([]);
  expect(marked("$12k, $12,345 and 1234500 cents", claim("12345", "USD"))).toEqual([]);
  expect(marked("It fell by 5 %", claim("-5", "percent"))).toEqual([]);
  expect(marked("It grew by 5 %", claim("-5", "percent"))).toEqual(["5 %"]);
  expect(marked("€12,345 and $12,346", claim("12345", "USD"))).toEqual(["€12,345", "$12,346"]);
  expect(marked("1,204 ms", claim("1204", "count"))).toEqual(["1,204 ms"]);
  expect(marked("0.1 of them", claim("0.12", "ratio"))).toEqual(["0.1"]);
});

test("S10 lengths of time, multipliers and table heads are read as people write them", () => {
  expect(marked("2 h 30 min, or 2h30m", claim("150", "min"))).toEqual([]);
  expect(marked("2 h 30 min", claim("151", "min"))).toEqual(["2 h 30 min"]);
  expect(marked("2,5 Mio. €, €2.5m, 2.5 million euros", claim("2500000", "EUR"))).toEqual([]);
  expect(marked("| cost (USD) | 672.30 |", claim("67230", "USD_minor"))).toEqual([]);
  expect(marked("(1,234) and a loss of 1,234", claim("-1234", "count"))).toEqual([]);
  expect(marked("we had 2024 visits, then reached 2024.")).toEqual(["2024", "2024"]);
});

test("S10 what only looks like a name, a version, a time or code is a number all the same", () => {
  expect(numbers("# 700 fans\n\nv4.5% better, 3.1e6 reached, 5x faster, ticket 4,310 USD, at 14:50 dollars")).toEqual([
    "700",
    "4.5%",
    "3.1e6",
    "5x",
    "4,310 USD",
    "14",
    "50 dollars",
  ]);
  expect(numbers("```\nparcels   12604\nlate:  88\n```")).toEqual(["12604", "88"]);
  expect(numbers("A 40-percent rise, a 3-hour outage, a 300-person team")).toEqual(["40-percent", "3-hour", "300"]);
});

test("S10 scores, lengths of time as on a clock and money that several countries call alike are read", () => {
  expect(marked("4.6 out of 5, or 4.6/5", claim("4.6", "count"))).toEqual([]);
  expect(marked("4.8 out of 5", claim("4.6", "count"))).toEqual(["4.8"]);
  expect(marked("1:45 h, or 105 min", claim("105", "min"))).toEqual([]);
  expect(marked("1:15 h", claim("105", "min"))).toEqual(["1:15 h"]);
  expect(numbers("It starts at 9:30 h, 14:45 h.")).toEqual([]);
  expect(marked("4.500 kr", claim("4500", "SEK"))).toEqual([]);
  expect(marked("4.500 kr", claim("4500", "EUR"))).toEqual(["4.500 kr"]);
  expect(marked("Fr. 1'200.50 and 63,40 zł", claim("1200.5", "CHF"), claim("63.4", "PLN"))).toEqual([]);
  expect(marked("4.2x", claim("4.2", "ratio"))).toEqual([]);
});

test("S10 digits in the name of what a supported claim is about are no number", () => {
  const named = { ...claim("412", "count"), entity: "Plan 500" };
  expect(marked("Plan 500 sold 412 seats", named)).toEqual([]);
  expect(marked("We planned 500 and sold 412 seats", named)).toEqual(["500"]);
  expect(marked("We sold 412 of 500", { ...named, entity: "500" })).toEqual(["500"]);
});

test("S10 offsets lead to the number in the text as it was written", () => {
  const text = "Ünïcode 👩‍🚀 first, then **4,700** visits.";
  const [mark] = unsupportedNumbers(text, []);
  expect(text.slice(mark!.start, mark!.end)).toBe("4,700");
});

test("S10 what looks like a year, a day or a reference in another language and is an amount stays an amount", () => {
  for (const text of [
    "Seit Jahr und Tag: ab 2000 Euro.",
    "im Jahr 2000 Euro mehr",
    "Punkt 12,5 Prozent",
    "hasta 2000 visitas",
    "en 2000 euros",
    "Umsatz: CHF 2'013'401",
    "semana 12 por ciento",
  ])
    expect([text, findNumbers(text).length]).toEqual([text, 1]);
});

test("S10 a hostile text is read in bounded time", () => {
  const hostile = [
    "`",
    "``x",
    "1,",
    "1.",
    "1 ",
    "[1",
    "(1",
    '"1',
    "-1-",
    "1:",
    "+1 ",
    "#1 ",
    "a1",
    "\n1. ",
    "task 1, ",
    "January 1 to ",
    "<!--",
    "forty-",
    "one hundred ",
    "einund",
    "May 2026 5 ",
    "```\na  1\n",
    "1:15 ",
    "1-a ",
    "kr 1",
    "12 rue Ab ",
    "Ab Strasse 1, ",
    "01 22 ",
    "AB CD 1-",
    "seven of ten ",
    "une douzaine de ",
    "Ab 1 Cd ",
    "plate A1 ",
    "between 3 and ",
    "\n",
    "```x\n",
    "```\n\n",
    '```\n"a":1,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,(\n```\n',
    "```\na=bbbbbbbb=bbbbbbbb=bbbbbbbb=bbbbbbbb=bbbb!\n```\n",
    "five x five x ",
    "per cento ",
    "one hundred hundred hundred hundred hundred hundred hundred hundred hundred hundred hundred hundred, ",
    "two dozen dozen dozen dozen dozen dozen dozen dozen dozen dozen dozen dozen dozen dozen dozen dozen ",
    "The York branch sold 740. ",
    "In April 740, ",
    "2027-03-09 740 ",
    "ABCDS EFGH 1",
    "1250000000 ",
    "fermenter 6 ",
    "nodes 3, 4 and 5, ",
    "Ab 1 and Cd 2 are ",
    "4 391 022 017 27 ",
    "512 F.3d 8 U.S.C. § ",
    "two thirds of half a million ",
    "the 1889 Monet ",
    "the last 7 days ago ",
    "half of the a b c d e f g h ",
    "revenue 4, profit 5, ",
    "in Leeds 4 in York ",
    "a ".repeat(200) + "{",
  ];
  const march = { from: "2027-03-01T00:00:00Z", to: "2027-04-01T00:00:00Z" };
  const sold: Claim = { ...claim("740", "count"), metric: "sales", entity: "Leeds", period: march };
  for (const piece of hostile) {
    // Read in quadratic time, the longest of these would outlast the test.
    const text = piece.repeat(Math.floor(10_000 / piece.length));
    expect(maskText(text)).toHaveLength(text.length);
    findNumbers(text, [], { counted: true });
    unsupportedNumbers(text, []);
    unsupportedNumbers(text, [sold]);
  }
});
