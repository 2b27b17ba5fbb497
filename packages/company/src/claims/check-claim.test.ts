import type { Claim, Fact } from "@aito/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { checkClaim, type CitedReceipt } from "./check-claim.ts";

const now = new Date("2026-11-02T09:00:00Z");
const period = { from: "2026-10-01T00:00:00Z", to: "2026-11-01T00:00:00Z" };
const fact: Fact = {
  metric: "revenue",
  value: "12345.67",
  unit: "USD",
  period,
  entity: "shop",
  observedAt: "2026-11-01T06:00:00Z",
};
const receipt: CitedReceipt = {
  id: "r1",
  agent: "cfo",
  task: "t1",
  tool: "read_books",
  status: "succeeded",
  finishedAt: "2026-11-01T06:00:01Z",
  facts: [fact],
};
const claim: Claim = { metric: "revenue", value: "12345.67", unit: "USD", period, entity: "shop", receipts: ["r1"] };
const by = { agent: "cfo", task: "t1", now };
const check = (claimed: Partial<Claim>, cited: Partial<CitedReceipt> = {}, stated: Partial<Fact> = {}, speaker: object = {}) =>
  checkClaim(
    { ...claim, ...claimed },
    { ...by, ...speaker },
    new Map([["r1", { ...receipt, facts: [{ ...fact, ...stated }], ...cited }]]),
  );
const why = (...given: Parameters<typeof check>): string | null => check(...given).why;

test("S06 a claim is resolved to the fact in the receipt that it cites", () => {
  expect(check({})).toEqual({ verdict: "supported", why: null, fact });
  expect(check({ value: "12345.7" }).verdict).toBe("supported");
  expect(check({ value: "1234567", unit: "USD_minor" }).verdict).toBe("supported");
});

test("S06 each way in which it can be wrong is refused with its reason", () => {
  expect(why({ receipts: [] })).toBe("it cites no receipt");
  expect(why({ receipts: ["r9"] })).toBe("there is no receipt r9");
  expect(why({}, { agent: "cto", task: null })).toContain("another agent's");
  expect(why({}, { status: "failed" })).toContain("did not succeed: failed");
  expect(why({}, { status: "unknown" })).toContain("unknown");
  expect(why({}, { status: "shadowed" })).toContain("shadowed");
  expect(why({ metric: "profit" })).toContain("not profit");
  expect(why({ entity: "company" })).toContain("of shop, not of company");
  expect(why({ period: null })).toContain("not for a point in time");
  expect(why({ period: { ...period, to: "2026-10-31T00:00:00Z" } })).toContain("2026-10-01 to 2026-10-31");
  expect(why({ value: "12345.68" })).toContain("not 12345.68 USD");
  expect(why({ unit: "EUR" })).toContain("not turned into EUR");
  expect(why({ unit: "count" })).toContain("not turned into count");
  expect(why({}, {}, { observedAt: "2026-10-31T23:59:59Z" })).toContain("before its period was over");
  expect(why({ period: null }, {}, { period: null, observedAt: "2026-11-01T08:59:59Z" })).toContain("more than a day ago");
  expect(check({ period: null }, {}, { period: null, observedAt: "2026-11-01T09:00:00Z" }).verdict).toBe("supported");
});

test("S06 a receipt of the task's tree counts for whoever reports on the task, and no other's does", () => {
  expect(check({}, { agent: "analyst-1" }).verdict).toBe("supported");
  expect(check({}, { agent: "analyst-1" }, {}, { task: "t2" }).verdict).toBe("unsupported");
  expect(check({}, { agent: "analyst-1", task: null }, {}, { task: null }).verdict).toBe("unsupported");
});

test("S06 one good receipt among those cited is enough", () => {
  expect(check({ receipts: ["gone", "r1"] }).verdict).toBe("supported");
});

test("S06 rounding: half away from zero and half to even both count; one digit is too little unless it is exact", () => {
  const rounded = (value: string, exact: string) => check({ value }, {}, { value: exact }).verdict;
  expect(rounded("12.3", "12.25")).toBe("supported");
  expect(rounded("12.2", "12.25")).toBe("supported");
  expect(rounded("12.4", "12.25")).toBe("unsupported");
  expect(rounded("-12.3", "-12.25")).toBe("supported");
  expect(rounded("0.1", "0.12")).toBe("unsupported");
  expect(rounded("0.1", "0.1000")).toBe("supported");
  expect(rounded("5", "4.7")).toBe("unsupported");
  expect(rounded("0", "0.2")).toBe("unsupported");
  expect(rounded("4700", "4711")).toBe("unsupported");
});

test("S06 units of one kind are converted exactly; currencies never, and a name that nobody knows only into itself", () => {
  const converted = (value: string, unit: string, stated: string, of: string) =>
    check({ value, unit }, {}, { value: stated, unit: of }).verdict;
  expect(converted("12.5", "percent", "0.125", "ratio")).toBe("supported");
  expect(converted("90", "min", "1.5", "h")).toBe("supported");
  expect(converted("0.33", "h", "20", "min")).toBe("supported");
  expect(converted("1.5", "GB", "1500", "MB")).toBe("supported");
  expect(converted("5", "JPY", "5", "JPY_minor")).toBe("supported");
  expect(converted("5", "USD", "5", "EUR")).toBe("unsupported");
  expect(converted("5", "points", "5", "points")).toBe("supported");
  expect(converted("5", "points", "5", "count")).toBe("unsupported");
});

test("S06 whatever is claimed, only what a fact says is supported, and each fact supports itself in every unit of its kind", () => {
  const decimal = fc.tuple(fc.integer({ min: -1e9, max: 1e9 }), fc.integer({ min: 0, max: 4 })).map(([digits, scale]) => {
    const text = Math.abs(digits)
      .toString()
      .padStart(scale + 1, "0");
    return `${digits < 0 ? "-" : ""}${text.slice(0, text.length - scale)}${scale > 0 ? `.${text.slice(-scale)}` : ""}`;
  });
  const units = ["ms", "s", "min", "h", "count", "ratio", "percent", "USD", "EUR", "USD_minor", "B", "MB"];
  fc.assert(
    fc.property(decimal, decimal, fc.constantFrom(...units), fc.constantFrom(...units), (stated, claimed, of, unit) => {
      expect(check({ value: stated, unit: of }, {}, { value: stated, unit: of }).verdict).toBe("supported");
      const verdict = check({ value: claimed, unit: of }, {}, { value: stated, unit: of }).verdict;
      const apart = Math.abs(Number(stated) - Number(claimed));
      const step = 10 ** -(claimed.split(".")[1]?.length ?? 0);
      if (verdict === "supported") expect(apart).toBeLessThanOrEqual(step / 2 + 1e-6);
      if (unit.slice(0, 3) !== of.slice(0, 3) && /[A-Z]{3}/.test(of)) {
        expect(check({ value: stated, unit }, {}, { value: stated, unit: of }).verdict).toBe("unsupported");
      }
    }),
  );
});
