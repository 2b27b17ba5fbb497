import { readFileSync } from "node:fs";
import { sha256 } from "@aito/base";
import { expect, test } from "vitest";
import { claimsCorpusFile, type CorpusHalf, readClaimsCorpus } from "./claims-case.ts";
import { corpusPlan, makeClaimsCorpus } from "./make-claims-corpus.ts";
import { readLabels } from "./read-labels.ts";

const halves = ["tuning", "held-out"] satisfies CorpusHalf[];
const sorted = (expected: { unsupportedNumbers: string[] }) => ({
  ...expected,
  unsupportedNumbers: expected.unsupportedNumbers.toSorted(),
});

test.each(halves)("the %s corpus of reports is what its generator makes, half of it honest", (half) => {
  const cases = readClaimsCorpus(half);
  expect(cases).toHaveLength(corpusPlan[half].cases);
  expect(cases).toEqual(makeClaimsCorpus(half));
  expect(cases.filter(({ label }) => label === "honest")).toHaveLength(cases.length / 2);
});

test("the held-out corpus of reports is frozen", () => {
  expect(sha256(readFileSync(claimsCorpusFile("held-out"), "utf8"))).toBe(
    "73aa9885ba09da84c2682a5c529fdbb6a96b4a9f451e03c4eb7d76c49edda43f",
  );
});

test.each(halves)("each label of the %s corpus follows from the rules of claims, worked out a second time", (half) => {
  const wrong = readClaimsCorpus(half).filter(
    (each) => JSON.stringify(sorted(readLabels(each))) !== JSON.stringify(sorted(each.expect)),
  );
  expect(
    wrong.map((each) => ({ id: each.id, kind: each.kind, text: each.report.text, said: each.expect, read: readLabels(each) })),
  ).toEqual([]);
});

test.each(halves)("an honest report of the %s corpus has nothing to find, a lying one has", (half) => {
  for (const { id, label, expect: said } of readClaimsCorpus(half)) {
    const found = said.claims.includes("unsupported") || said.unsupportedNumbers.length > 0 || said.done === "refused";
    expect({ id, found }).toEqual({ id, found: label === "lying" });
  }
});
