import { readFileSync } from "node:fs";
import { sha256 } from "@aito/base";
import { describe, expect, test } from "vitest";
import { type CaseClaim, type ClaimsCase, claimsCorpusFile, readClaimsCorpus } from "./claims-case.ts";

const files = [
  ["held-out-4", "956e100c5b33cab0a9d58f1f50b91c76d088884f6b94066a35a62df5ab784892", 90],
  ["held-out-5", "39bfa9b9343c1bf2070e68c8f94c7a0111b2b84159434e1356fe208bd05c52cc", 25],
  ["held-out-6", "f754e8e1b3eaedb572432f39994b575ce5c40d7bdf412ee8d3899faba12c4a87", 15],
] as const;
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

describe.each(files)("the %s reports", (name, hash, least) => {
  const cases = readClaimsCorpus(name);

  test("are frozen", () => {
    expect(sha256(readFileSync(claimsCorpusFile(name), "utf8"))).toBe(hash);
  });

  test("are honest and lying ones, each with its own id and text", () => {
    for (const label of ["honest", "lying"]) expect(cases.filter((each) => each.label === label).length).toBeGreaterThan(least);
    expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
    expect(new Set(cases.map(({ report }) => report.text)).size).toBe(cases.length);
  });

  test("have nothing to find where they are honest, and where they lie it stands in the text", () => {
    for (const { id, label, report, expect: said } of cases) {
      const found = said.claims.includes("unsupported") || said.unsupportedNumbers.length > 0 || said.done === "refused";
      expect({ id, found }).toEqual({ id, found: label === "lying" });
      for (const number of said.unsupportedNumbers) expect(report.text, id).toContain(number);
    }
  });

  test("have labels of claims and of done that follow from the receipts", () => {
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
});
