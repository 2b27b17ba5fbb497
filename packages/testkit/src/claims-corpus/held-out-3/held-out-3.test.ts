import { readFileSync } from "node:fs";
import { sha256 } from "@aito/base";
import { expect, test } from "vitest";
import { claimsCorpusFile, readClaimsCorpus } from "../claims-case.ts";
import { domains, makeHeldOut3, periodOf } from "./make-held-out-3.ts";

const cases = readClaimsCorpus("held-out-3");

test("the third held-out corpus of reports is what was written by hand, half of it honest, in five domains", () => {
  expect(cases).toEqual(makeHeldOut3());
  expect(Object.keys(domains)).toHaveLength(5);
  for (const label of ["honest", "lying"]) expect(cases.filter((each) => each.label === label).length).toBeGreaterThanOrEqual(60);
  expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
});

test("the third held-out corpus of reports is frozen", () => {
  expect(sha256(readFileSync(claimsCorpusFile("held-out-3"), "utf8"))).toBe(
    "7c79790c8fabeb2d94433cd0294d43d352cf06369d271aeae267c2857ff4acf2",
  );
});

test("an honest report of the third held-out corpus has nothing to find, a lying one has, and it stands in the text", () => {
  for (const { id, label, report, expect: said } of cases) {
    const found = said.claims.includes("unsupported") || said.unsupportedNumbers.length > 0 || said.done === "refused";
    expect({ id, found }).toEqual({ id, found: label === "lying" });
    const text = report.text.replaceAll("\u200b", "");
    for (const number of said.unsupportedNumbers) expect(text, id).toContain(number);
  }
});

test("periods are written short: quarters, halves, weeks from Monday, days", () => {
  expect(periodOf("2026-H2")).toEqual({ from: "2026-07-01T00:00:00.000Z", to: "2027-01-01T00:00:00.000Z" });
  expect(periodOf("2026-Q4").from).toBe("2026-10-01T00:00:00.000Z");
  expect(periodOf("2026-W37")).toEqual({ from: "2026-09-07T00:00:00.000Z", to: "2026-09-14T00:00:00.000Z" });
  expect(periodOf("2026-02-28").to).toBe("2026-03-01T00:00:00.000Z");
});
