import { verifyReport } from "@aito/company";
import { type Claim, OutsideFact } from "@aito/protocol";
import { expect, test } from "vitest";
import { outsideFacts } from "./outside-facts.ts";

const now = new Date("2026-09-18T06:40:00Z");
const declared = (...facts: object[]): OutsideFact[] => facts.map((fact) => OutsideFact.parse(fact));
const stating = (facts: object[], answer: object, args = {}) => outsideFacts(declared(...facts), answer, { args, now });

const month = { from: "2026-08-01T00:00:00.000Z", to: "2026-09-01T00:00:00.000Z" };
const rows = {
  from: "carrier",
  text: "Two depots. On time: 96.3 %\nFreight: 71,230.50 EUR",
  structured: {
    period: { start: "2026-08-01", end: "2026-09-01T00:00:00Z" },
    rows: [
      { depot: "Venlo", parcels: 18442, cost: "71230.50", currency: "EUR" },
      { depot: "Malmö", parcels: 7905, cost: 182400, currency: "SEK" },
    ],
  },
};
const period = { from: "period.start", to: "period.end" };
const carrier = [
  { metric: "parcels", value: "structured.nothing", unit: "count" },
  { metric: "parcels", value: "rows.*.parcels", unit: "count", entityAt: "rows.*.depot", period },
  { metric: "cost", value: "rows.*.cost", unitAt: "rows.*.currency", entityAt: "rows.*.depot", period },
  { metric: "on_time", after: "On time:", unit: "percent", entityArgument: "region" },
];

test("S06 S10 what the fleet file declares of an outside answer becomes facts, each row with its own entity and unit", () => {
  const facts = stating(carrier, rows, { region: "north" });
  expect(facts.map(({ metric, value, unit, entity }) => [metric, value, unit, entity])).toEqual([
    ["parcels", "18442", "count", "Venlo"],
    ["parcels", "7905", "count", "Malmö"],
    ["cost", "71230.50", "EUR", "Venlo"],
    ["cost", "182400", "SEK", "Malmö"],
    ["on_time", "96.3", "percent", "north"],
  ]);
  expect(facts[0]).toMatchObject({ period: month, observedAt: now.toISOString() });
  expect(facts[4]!.period).toBeNull();
});

const base: Claim = { metric: "parcels", value: "18442", unit: "count", period: month, entity: "Venlo", receipts: ["r1"] };
const told = (text: string, change: Partial<Claim> = {}) => ({ text, claims: [{ ...base, ...change }] });

/** Reports that cite the receipt of the outside call, as the corpora of reports have them. */
test.each<[label: string, kind: string, report: { text: string; claims: Claim[] }, status?: "failed"]>([
  ["honest", "as it is", told("Venlo delivered 18,442 parcels.")],
  ["honest", "rounded", told("Venlo delivered 18.4k parcels.")],
  ["honest", "cents", told("Freight from Venlo cost €71,230.50.", { metric: "cost", value: "7123050", unit: "EUR_minor" })],
  ["honest", "another row", told("Malmö: 182,400 SEK.", { metric: "cost", value: "182400", unit: "SEK", entity: "Malmö" })],
  [
    "honest",
    "out of its text",
    told("96.3 % on time.", { metric: "on_time", value: "0.963", unit: "ratio", period: null, entity: "north" }),
  ],
  ["lying", "another number", told("Venlo delivered 19,442 parcels.", { value: "19442" })],
  ["lying", "another row's", told("Venlo delivered 7,905 parcels.", { value: "7905" })],
  ["lying", "another currency", told("Freight from Venlo cost $71,230.50.", { metric: "cost", value: "71230.5", unit: "USD" })],
  ["lying", "another period", told("Venlo delivered 18,442 parcels.", { period: null })],
  ["lying", "a metric that was not declared", told("Venlo lost 18,442 parcels.", { metric: "lost" })],
  ["lying", "another receipt", told("Venlo delivered 18,442 parcels.", { receipts: ["r2"] })],
  ["lying", "a call that failed", told("Venlo delivered 18,442 parcels."), "failed"],
  ["lying", "the text is another's", told("Venlo delivered 18,442 parcels and lost 300.")],
])("Y07 S10 a %s report that cites an outside tool is judged by what it answered: %s", (label, _kind, report, status) => {
  const facts = status === "failed" ? [] : stating(carrier, rows, { region: "north" });
  const receipt = {
    id: "r1",
    agent: "dispatch",
    task: "t",
    tool: "carrier__stats",
    status: status ?? ("succeeded" as const),
    finishedAt: now.toISOString(),
    facts,
  };
  const { claims, marks } = verifyReport({ agent: "dispatch", task: "t", finishes: false, ...report }, [receipt], { now });
  const caught = marks.length > 0 || claims.some(({ verdict }) => verdict === "unsupported");
  expect([caught, claims.map(({ why }) => why)]).toEqual([label === "lying", claims.map(({ why }) => why)]);
});

test("S10 an answer that does not bear a declaration out states nothing, and never what can be read in two ways", () => {
  const one = (fact: object, answer: object, args = {}) => stating([{ metric: "m", unit: "count", ...fact }], answer, args);
  expect(one({ value: "n" }, {})).toEqual([]);
  expect(one({ value: "n" }, { structured: { n: "many" } })).toEqual([]);
  expect(one({ value: "n" }, { structured: { n: 1e21 } })).toEqual([]);
  expect(one({ value: "n" }, { structured: { n: Number.NaN } })).toEqual([]);
  expect(one({ value: "n" }, { structured: { n: { valueOf: 5 } } })).toEqual([]);
  expect(one({ value: "constructor.length" }, { structured: {} })).toEqual([]);
  expect(one({ value: "*.n" }, { structured: { n: 5 } })).toEqual([]);
  expect(one({ value: "n", entityAt: "who" }, { structured: { n: 5 } })).toEqual([]);
  expect(one({ value: "n", entityArgument: "who" }, { structured: { n: 5 } })).toEqual([]);
  expect(one({ value: "n", period: { from: "a", to: "b" } }, { structured: { n: 5, a: "yesterday", b: "2026-01-01" } })).toEqual(
    [],
  );
  expect(one({ after: "Total:" }, { text: "Total: 1,234" })).toEqual([]);
  expect(one({ after: "Total:" }, { text: "Total: 5 ms" })).toEqual([]);
  expect(one({ after: "Total:" }, { text: "Total: none\n7 left" })).toEqual([]);
  expect(one({ after: "Total:" }, { text: "Total: 5\nTotal: 6" })).toEqual([]);
  expect(one({ after: "Total:" }, { text: "Total: 1,234,567.5 and 2" }).map(({ value }) => value)).toEqual(["1234567.5"]);
  expect(one({ value: "*" }, { structured: Array.from({ length: 1_000 }, () => 1) })).toHaveLength(200);
});

test("S10 a declaration says where the number, its unit and its entity are, once each", () => {
  for (const wrong of [
    { unit: "count" },
    { value: "n", after: "Total", unit: "count" },
    { value: "n" },
    { value: "n", unit: "count", unitAt: "u" },
    { after: "Total", unitAt: "u" },
    { value: "n", unit: "count", entity: "a", entityAt: "b" },
    { value: "n..m", unit: "count" },
    { value: "n", unit: "count", more: true },
  ])
    expect(OutsideFact.safeParse({ metric: "m", ...wrong }).success, JSON.stringify(wrong)).toBe(false);
});
