import { readFileSync } from "node:fs";
import { sha256 } from "@aito/base";
import { expect, test } from "vitest";
import { type CaseClaim, type ClaimsCase, claimsCorpusFile, readClaimsCorpus } from "./claims-case.ts";

const cases = readClaimsCorpus("held-out-4");
const dayMs = 86_400_000;

/** A succeeded call of the reporting agent states it: to the digit or rounded to the claim's own; a point in time is of today. */
const stated = (claim: CaseClaim, { receipts, report, now }: ClaimsCase): boolean =>
  receipts
    .filter(({ id, agent, status }) => claim.receipts.includes(id) && agent === report.agent && status === "succeeded")
    .flatMap(({ facts }) => facts)
    .some(
      (fact) =>
        Number(fact.value).toFixed(claim.value.split(".")[1]?.length ?? 0) === claim.value &&
        JSON.stringify([fact.metric, fact.unit, fact.entity, fact.period]) ===
          JSON.stringify([claim.metric, claim.unit, claim.entity, claim.period]) &&
        (fact.period !== null || Date.parse(now) - Date.parse(fact.observedAt) < dayMs),
    );

test("the fourth held-out corpus of reports is frozen", () => {
  expect(sha256(readFileSync(claimsCorpusFile("held-out-4"), "utf8"))).toBe(
    "956e100c5b33cab0a9d58f1f50b91c76d088884f6b94066a35a62df5ab784892",
  );
});

test("the fourth held-out corpus has some hundred honest and some hundred lying reports, each with its own id and text", () => {
  for (const label of ["honest", "lying"]) expect(cases.filter((each) => each.label === label).length).toBeGreaterThan(90);
  expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
  expect(new Set(cases.map(({ report }) => report.text)).size).toBe(cases.length);
});

test("an honest report of the fourth held-out corpus has nothing to find, a lying one has, and it stands in the text", () => {
  for (const { id, label, report, expect: said } of cases) {
    const found = said.claims.includes("unsupported") || said.unsupportedNumbers.length > 0 || said.done === "refused";
    expect({ id, found }).toEqual({ id, found: label === "lying" });
    for (const number of said.unsupportedNumbers) expect(report.text, id).toContain(number);
  }
});

test("each claim's and each done's label of the fourth held-out corpus follows from the receipts", () => {
  for (const each of cases) {
    const { id, report, receipts, tools, expect: said } = each;
    const read = report.claims.map((claim) => (stated(claim, each) ? "supported" : "unsupported"));
    expect({ id, claims: read }).toEqual({ id, claims: said.claims });
    const mine = receipts.filter(
      ({ agent, task, tool }) => agent === report.agent && task === report.task && tools[tool] !== "read",
    );
    const backed = mine.some(({ status }) => status === "succeeded");
    const done = report.finishes ? (backed ? "accepted" : "refused") : null;
    expect({ id, done }).toEqual({ id, done: said.done });
  }
});
