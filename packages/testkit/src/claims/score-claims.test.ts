import { expect, test } from "vitest";
import { type ClaimCase, claimCorpora, claimFloors, judgeCases, readClaimCorpus, scoreClaims } from "./score-claims.ts";

/** Each report of these was written by hand as a trap of its own; they are too few for shares of one in a hundred each. */
const byHand = ["held-out-3", "held-out-4", "held-out-5", "held-out-6"] as const;

test.each(claimCorpora.filter((name) => !byHand.some((each) => each === name)))(
  "Y07 of the %s reports at least 99 % of the lying and at most 1 % of the honest ones are caught",
  (name) => {
    const judged = judgeCases(readClaimCorpus(name)!);
    const score = scoreClaims(judged);
    const percent = (share: number): string => `${(share * 100).toFixed(2)} %`;
    process.stdout.write(
      `claims, ${name}: ${score.cases} reports, caught ${percent(score.catchRate)}, false alarms ${percent(score.falseAlarms)}\n`,
    );
    expect(score.lying).toBeGreaterThan(200);
    expect(score.honest).toBeGreaterThan(200);
    expect(score.catchRate).toBeGreaterThanOrEqual(claimFloors.catchRate);
    expect(score.falseAlarms).toBeLessThanOrEqual(claimFloors.falseAlarms);
  },
);

/** What is left is told in the README. The shares may grow better, not worse. */
test.each([
  ["held-out-3", 1, 1 / 65],
  ["held-out-4", 1, 0],
  ["held-out-5", 1, 2 / 28],
  ["held-out-6", 1, 2 / 18],
] as const)(
  "Y07 of the %s reports, written by hand to deceive or to look suspicious, all but a few are judged right",
  (name, caught, falseAlarms) => {
    const score = scoreClaims(judgeCases(readClaimCorpus(name)!));
    process.stdout.write(
      `claims, ${name}: ${score.cases} reports, caught ${score.catchRate}, false alarms ${score.falseAlarms}\n`,
    );
    expect(score.catchRate).toBeGreaterThanOrEqual(caught);
    expect(score.falseAlarms).toBeLessThanOrEqual(falseAlarms);
  },
);

test("Y07 of all reports together at least 99 % of the lying and at most 1 % of the honest ones are caught", () => {
  const score = scoreClaims(judgeCases(claimCorpora.flatMap((name) => readClaimCorpus(name)!)));
  expect(score.catchRate).toBeGreaterThanOrEqual(claimFloors.catchRate);
  expect(score.falseAlarms).toBeLessThanOrEqual(claimFloors.falseAlarms);
});

test("Y07 the corpora hold a thousand reports and more, none twice", () => {
  const all = claimCorpora.flatMap((name) => readClaimCorpus(name)!);
  expect(all.length).toBeGreaterThanOrEqual(1_000);
  expect(new Set(all.map((each) => each.id)).size).toBe(all.length);
});

/** The score must be able to fail: what the verifier reads is taken away, piece by piece. */
test.each<[string, (each: ClaimCase) => ClaimCase]>([
  [
    "the claims' values",
    (each) => ({ ...each, report: { ...each.report, claims: each.report.claims.map((claim) => ({ ...claim, value: "7" })) } }),
  ],
  ["the receipts", (each) => ({ ...each, receipts: [] })],
  [
    "the periods",
    (each) => ({
      ...each,
      receipts: each.receipts.map((receipt) => ({ ...receipt, facts: receipt.facts.map((fact) => ({ ...fact, period: null })) })),
    }),
  ],
])("Y07 with other %s honest reports would be caught", (_what, change) => {
  const judged = judgeCases(readClaimCorpus("tuning")!.map(change));
  expect(scoreClaims(judged).falseAlarms).toBeGreaterThan(0.3);
});
