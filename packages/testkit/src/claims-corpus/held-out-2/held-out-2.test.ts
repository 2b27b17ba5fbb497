import { readFileSync } from "node:fs";
import { sha256 } from "@aito/base";
import { expect, test } from "vitest";
import { readClaimCorpus } from "../../claims/score-claims.ts";
import { claimsCorpusFile, readClaimsCorpus } from "../claims-case.ts";
import { abroadAsides, namedAsides, plainAsides } from "./asides.ts";
import { honestKinds } from "./honest-kinds.ts";
import { lyingKinds } from "./lying-kinds.ts";
import { makeHeldOut2, reportsEachLabel } from "./make-held-out-2.ts";
import { readAgain } from "./read-again.ts";

const cases = readClaimsCorpus("held-out-2");
const asides = [...plainAsides, ...namedAsides, ...Object.values(abroadAsides).flat()];

test("the second held-out corpus of reports is what its generator makes, half of it honest, each kind a dozen times", () => {
  expect(cases).toEqual(makeHeldOut2());
  for (const [label, kinds] of Object.entries({ honest: honestKinds, lying: lyingKinds })) {
    const own = cases.filter((each) => each.label === label);
    expect(own).toHaveLength(reportsEachLabel);
    for (const kind of Object.keys(kinds))
      expect(own.filter((each) => each.kind === kind).length, kind).toBeGreaterThanOrEqual(12);
  }
  expect(new Set(cases.map(({ id }) => id)).size).toBe(cases.length);
});

test("the second held-out corpus of reports is frozen", () => {
  expect(sha256(readFileSync(claimsCorpusFile("held-out-2"), "utf8"))).toBe(
    "811627a4dccc9c218f0debb6b8b7ca85113a31cbab54271ceda70a6e785bd92a",
  );
});

test("the second held-out corpus of reports has the form that the verifier's score reads", () => {
  expect(readClaimCorpus("held-out-2")).toHaveLength(cases.length);
});

test("an honest report of the second held-out corpus has nothing to find, a lying one has", () => {
  for (const { id, label, expect: said } of cases) {
    const found = said.claims.includes("unsupported") || said.unsupportedNumbers.length > 0 || said.done === "refused";
    expect({ id, found }).toEqual({ id, found: label === "lying" });
  }
});

test("each label of the second held-out corpus follows from its receipts and its text, read a second time", () => {
  const wrong = cases
    .map((each) => ({ id: each.id, kind: each.kind, text: each.report.text, said: each.expect, again: readAgain(each, asides) }))
    .filter(({ said, again }) => JSON.stringify(said) !== JSON.stringify(again));
  expect(wrong).toEqual([]);
});
