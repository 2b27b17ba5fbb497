import { expect, test } from "vitest";
import { type ClaimCase, claimCorpora, claimFloors, judgeCases, readClaimCorpus, scoreClaims } from "./score-claims.ts";

/** What the rules were mended on by now; what each gave unseen stands in the README. The fourth held-out file is not among it. */
const mendedOn = claimCorpora.filter((name) => name !== "held-out-4");

test.each(mendedOn.filter((name) => name !== "held-out-3"))(
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

/** Each of its 130 reports is one kind of trap; what is left is told in the README. The share may grow, not shrink. */
test("Y07 of the reports that were written by hand to deceive or to look suspicious all but a few are judged right", () => {
  const score = scoreClaims(judgeCases(readClaimCorpus("held-out-3")!));
  process.stdout.write(
    `claims, held-out-3: ${score.cases} reports, caught ${score.catchRate}, false alarms ${score.falseAlarms}\n`,
  );
  expect(score.catchRate).toBeGreaterThanOrEqual(0.98);
  expect(score.falseAlarms).toBeLessThanOrEqual(0.016);
});

/** Not mended on: these are the shares at first sight. They may grow better, not worse, until they meet the floors. */
test("Y07 of the fourth held-out file, written by hand as a business writes, no fewer are judged right than at first sight", () => {
  const score = scoreClaims(judgeCases(readClaimCorpus("held-out-4")!));
  process.stdout.write(
    `claims, held-out-4: ${score.cases} reports, caught ${score.catchRate}, false alarms ${score.falseAlarms}\n`,
  );
  expect(score.catchRate).toBeGreaterThanOrEqual(80 / 101);
  expect(score.falseAlarms).toBeLessThanOrEqual(21 / 94);
});

test("Y07 of all reports that the rules were mended on at least 99 % of the lying and at most 1 % of the honest ones are caught", () => {
  const score = scoreClaims(judgeCases(mendedOn.flatMap((name) => readClaimCorpus(name)!)));
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
