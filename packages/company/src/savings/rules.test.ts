import { expect, test } from "vitest";
import { type ModelUse, type Records, type Runs, savingsOf } from "./rules.ts";

const hour = 3_600_000n;
const use = (more: Partial<ModelUse> = {}): ModelUse => ({
  agent: "cto",
  head: false,
  model: "claude-sonnet-5-5",
  calls: 100,
  tokens: 1_000_000n,
  outputTokens: 20_000n,
  microUsd: 7_000_000n,
  ...more,
});
const runs = (more: Partial<Runs> = {}): Runs => ({
  agent: "cto",
  ended: 100,
  succeeded: 99,
  nothingNew: 10,
  nothingNewMicroUsd: 0n,
  ...more,
});
const records = (more: Partial<Records> = {}): Records => ({
  cheap: { model: "claude-haiku-5-5", calls: 50, tokens: 1_000_000n, microUsd: 1_000_000n },
  uses: [],
  runs: [],
  repeats: [],
  containers: [],
  perHourMicroUsd: null,
  ...more,
});
const kinds = (more: Partial<Records>): string[] => savingsOf(records(more)).map(({ kind, subject }) => `${kind} ${subject}`);

test("C09 who succeeds with short answers on a dear model could run on the cheap one, at what its tokens cost here", () => {
  const [saving] = savingsOf(records({ uses: [use()], runs: [runs()] }));
  // $7 a week less $1 for the same tokens: $6 a week, of which a month has 30/7.
  expect(saving).toMatchObject({ kind: "cheaper-model", subject: "cto", monthMicroUsd: "25714285" });
  expect(saving!.text).toContain("100 calls on claude-sonnet-5-5 in 7 days for $7.00; its answers have 200 tokens");
});

test("C09 a head, a failing agent, long answers, little history and a model that is hardly cheaper are left alone", () => {
  expect(kinds({ uses: [use({ head: true })], runs: [runs()] })).toEqual([]);
  expect(kinds({ uses: [use()], runs: [runs({ succeeded: 90 })] })).toEqual([]);
  expect(kinds({ uses: [use({ outputTokens: 50_000n })], runs: [runs()] })).toEqual([]);
  expect(kinds({ uses: [use({ calls: 5 })], runs: [runs()] })).toEqual([]);
  expect(kinds({ uses: [use()], runs: [runs({ ended: 5, succeeded: 5 })] })).toEqual([]);
  expect(kinds({ uses: [use({ microUsd: 1_500_000n })], runs: [runs()] })).toEqual([]);
  expect(kinds({ uses: [use({ model: "claude-haiku-5-5" })], runs: [runs()] })).toEqual([]);
  const unseen = { model: "claude-haiku-5-5", calls: 0, tokens: 0n, microUsd: 0n };
  expect(kinds({ uses: [use()], runs: [runs()], cheap: unseen })).toEqual([]);
});

test("C09 a loop that finds nothing nearly always could look less often; one that finds something is left alone", () => {
  const idle = runs({ nothingNew: 90, nothingNewMicroUsd: 4_000_000n });
  expect(savingsOf(records({ runs: [idle] }))).toMatchObject([{ kind: "idle-loop", monthMicroUsd: "12857142" }]);
  expect(kinds({ runs: [{ ...idle, nothingNew: 60 }] })).toEqual([]);
  expect(kinds({ runs: [{ ...idle, nothingNewMicroUsd: 1_000n }] })).toEqual([]);
});

test("C09 what is asked again and again, workers that wait and containers without a run are found, by time where no price is known", () => {
  expect(kinds({ repeats: [{ agent: "cmo", calls: 30, microUsd: 900_000n }] })).toEqual(["repeated-input cmo"]);
  expect(kinds({ repeats: [{ agent: "cmo", calls: 3, microUsd: 900_000n }] })).toEqual([]);
  const worker = { subject: "content-writer", worker: true, stoodMs: 10n * hour, workedMs: 4n * hour, runs: 9 };
  expect(savingsOf(records({ containers: [worker] }))).toMatchObject([{ kind: "waiting-workers", monthMicroUsd: null }]);
  expect(savingsOf(records({ containers: [worker], perHourMicroUsd: 100_000n }))).toMatchObject([{ monthMicroUsd: "2571428" }]);
  expect(kinds({ containers: [{ ...worker, workedMs: 6n * hour }] })).toEqual([]);
  const idle = { subject: "cco", worker: false, stoodMs: 160n * hour, workedMs: 0n, runs: 0 };
  expect(kinds({ containers: [idle, { ...idle, subject: "cto", runs: 1 }] })).toEqual(["idle-container cco"]);
});

test("C09 the most is first, and what is worth less than a dollar a month is not said", () => {
  const repeats = [
    { agent: "a", calls: 30, microUsd: 300_000n },
    { agent: "b", calls: 30, microUsd: 900_000n },
    { agent: "c", calls: 30, microUsd: 200_000n },
  ];
  expect(kinds({ repeats })).toEqual(["repeated-input b", "repeated-input a"]);
});
