import type { Claim } from "@aito/protocol";
import { expect, test } from "vitest";
import { unsupportedNumbers } from "./unsupported-numbers.ts";

const claim = (metric: string, value: string, given: Partial<Claim> = {}): Claim => ({
  metric,
  value,
  unit: "count",
  period: null,
  entity: "company",
  receipts: ["r"],
  ...given,
});
const metrics = [
  "visits",
  "signups",
  "tickets_opened",
  "tickets_closed",
  "orders",
  "refunds",
  "replies",
  "hours",
  "ads",
  "company",
];
const marked = (text: string, ...claims: Claim[]): string[] =>
  unsupportedNumbers(text, claims, { metrics }).map(({ text: number }) => number);

test.each([
  "Visits: 1,204.",
  "visits 1,204",
  "We had 1,204 visits.",
  "Visits were 1,204 in the end.",
  "Visits reached **1,204**.",
  "| visits | 1,204 |",
  "A total of 1,204 new visits.",
  "1,204 visits, as planned",
])("S10 a number that is lent to a metric that no claim names is marked: %s", (text) => {
  expect(marked(text, claim("signups", "1204"))).toEqual(["1,204"]);
});

test("S10 a name of two words is known by both, a plural by its singular", () => {
  const opened = claim("orders", "31");
  expect(marked("31 tickets closed", opened)).toEqual(["31"]);
  expect(marked("Tickets closed: 31", opened)).toEqual(["31"]);
  expect(marked("One reply each, 31 replies", opened)).toEqual(["31"]);
  expect(marked("31 tickets", opened)).toEqual([]);
});

test.each([
  ["1,204 signups from visits of last week", "signups"],
  ["Signups: 1,204 (visits are not known yet)", "signups"],
  ["We had 1,204 people who signed up", "signups"],
  ["1,204 new sign-ups, visits unknown", "sign_ups"],
  ["The visits brought us 1,204 accounts", "signups"],
  ["Visits, signups and the rest: see below.\n\n1,204", "signups"],
  ["It took 1,204 hours", "time_spent"],
])("S10 a number beside its own metric, or beside words that name none, is left alone: %s", (text, metric) => {
  const unit = metric === "time_spent" ? "h" : "count";
  expect(marked(text, claim(metric, "1204", { unit }))).toEqual([]);
});

test("S10 the metric that a claim is about may be called by its entity or its unit, too", () => {
  expect(marked("1,204 visits", claim("total", "1204", { entity: "site visits" }))).toEqual([]);
  expect(marked("1,204 visits", claim("total", "1204", { unit: "visits" }))).toEqual([]);
});

test("S10 where two claims have the value, either of their names fits; what a mark says names both metrics", () => {
  expect(marked("1,204 visits", claim("signups", "1204"), claim("visits", "1204"))).toEqual([]);
  const [mark] = unsupportedNumbers("1,204 visits", [claim("signups", "1204")], { metrics });
  expect(mark!.why).toBe("its claim is about signups of company, the text says it of visits, which no claim is about");
});

test("S10 without known names nothing is marked, and a long text with many names is read in bounded time", () => {
  expect(unsupportedNumbers("1,204 gatherings", [claim("signups", "1204")])).toEqual([]);
  const many = Array.from({ length: 5_000 }, (_, at) => `metric${String.fromCharCode(97 + (at % 26))} number${at}`);
  const text = "We had 1,204 visits and ".repeat(2_000);
  // Read in quadratic time, this would outlast the test.
  expect(unsupportedNumbers(text, [claim("signups", "1204")], { metrics: [...many, "visits"] })).toBeDefined();
});
