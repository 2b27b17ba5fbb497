import type { Trigger } from "@aito/protocol";
import { expect, test } from "vitest";
import { conditionsOf, type Facts, noReceipt, ruleKey, type Series } from "./rules.ts";

const trigger = (kind: Trigger["kind"], threshold = "0"): Trigger => ({ kind, threshold, notify: ["ceo"], emergency: false });
const facts = (changes: Partial<Facts> = {}): Facts => ({
  series: [],
  month: { name: "2026-03", spentMicroUsd: 0n, budgetMicroUsd: 20_000_000_000n },
  quarantined: [],
  ...changes,
});
const series = (changes: Partial<Series>): Series => ({
  name: "negative_sentiment",
  entity: "twitter",
  unit: "percent",
  window_sum: null,
  window_count: 0,
  baseline_sum: null,
  baseline_count: 0,
  latest: null,
  latest_doubt: null,
  window_unverified: 0,
  window_doubt: null,
  ...changes,
});
const spike = (sum: string, count = 1) =>
  conditionsOf(
    trigger("sentiment_drop", "20"),
    facts({ series: [series({ window_sum: sum, window_count: count, baseline_sum: "30", baseline_count: 3 })] }),
  );

test("P08 negative sentiment fires above 20 % of the baseline's mean, not at it", () => {
  expect(spike("12")).toEqual([]);
  expect(spike("12.000001")).toMatchObject([{ subject: "twitter", detail: expect.stringContaining("from 10 (mean") }]);
  expect(spike("36.000000", 3)).toEqual([]);
  expect(spike("36.1", 3)).toHaveLength(1);
  expect(spike("2")).toEqual([]);
});

test("P08 sentiment fires on a fall; without a baseline or a window nothing is compared", () => {
  const falls = (changes: Partial<Series>) =>
    conditionsOf(trigger("sentiment_drop", "20"), facts({ series: [series({ name: "sentiment", ...changes })] }));
  expect(falls({ window_sum: "59", window_count: 1, baseline_sum: "75", baseline_count: 1 })).toHaveLength(1);
  expect(falls({ window_sum: "60", window_count: 1, baseline_sum: "75", baseline_count: 1 })).toEqual([]);
  expect(falls({ window_sum: "90", window_count: 1, baseline_sum: "75", baseline_count: 1 })).toEqual([]);
  expect(falls({ window_sum: "1", window_count: 1 })).toEqual([]);
  expect(falls({ baseline_sum: "75", baseline_count: 1 })).toEqual([]);
});

test("P08 a PR crisis and incidents fire on the newest value of the window", () => {
  const rows = [
    series({ name: "pr_crisis", latest: "1.000000" }),
    series({ name: "incidents", entity: "website", latest: "0.000000" }),
  ];
  expect(conditionsOf(trigger("pr_crisis"), facts({ series: rows }))).toEqual([
    { subject: "twitter", detail: "pr_crisis of twitter is 1, above 0", taint: null },
  ]);
  expect(conditionsOf(trigger("technical_issue"), facts({ series: rows }))).toEqual([]);
  const quarantined = [{ agent: "cmo", reason: "quarantined after 5 failures" }];
  expect(conditionsOf(trigger("technical_issue"), facts({ quarantined }))).toMatchObject([{ subject: "cmo" }]);
});

test("P08 S10 an alarm on what does not count says so, and why", () => {
  const told = (why: string, taint: string | null = null) =>
    conditionsOf(
      trigger("pr_crisis"),
      facts({ series: [series({ name: "pr_crisis", latest: "3", latest_doubt: { why, taint } })] }),
    );
  expect(told(noReceipt)).toMatchObject([
    { detail: "pr_crisis of twitter is 3, above 0; UNVERIFIED: an agent says so, and no receipt states it" },
  ]);
  expect(told("the receipt states 1 percent, not 3 percent", "a page")).toEqual([
    {
      subject: "twitter",
      detail:
        "pr_crisis of twitter is 3, above 0; UNVERIFIED: an agent says so, but: the receipt states 1 percent, not 3 percent",
      taint: "a page",
    },
  ]);
  expect(told("x".repeat(9_000))[0]!.detail.length).toBeLessThan(1_000);
  const worse = { window_sum: "36.1", window_count: 3, baseline_sum: "30", baseline_count: 3 };
  const spiked = (why: string) => {
    const row = series({ ...worse, window_unverified: 2, window_doubt: { why, taint: "a page" } });
    return conditionsOf(trigger("sentiment_drop", "20"), facts({ series: [row] }))[0]!;
  };
  expect(spiked(noReceipt).detail).toMatch(
    /; UNVERIFIED: 2 of the 3 values of these hours, the newest of them because no receipt states it$/,
  );
  expect(spiked("the receipt states 11 percent, not 36 percent")).toMatchObject({
    detail: expect.stringMatching(/because the receipt states 11 percent, not 36 percent$/) as string,
    taint: "a page",
  });
  const [sure] = conditionsOf(trigger("sentiment_drop", "20"), facts({ series: [series(worse)] }));
  expect(sure!.detail).not.toContain("UNVERIFIED");
});

test("P08 a budget overrun fires above the budget and its threshold", () => {
  const spent = (spentMicroUsd: bigint, threshold = "0") =>
    conditionsOf(trigger("budget_overrun", threshold), facts({ month: { ...facts().month, spentMicroUsd } }));
  expect(spent(20_000_000_000n)).toEqual([]);
  expect(spent(20_000_000_001n)).toMatchObject([{ subject: "2026-03" }]);
  expect(spent(22_000_000_000n, "10")).toEqual([]);
  expect(spent(22_000_000_001n, "10")).toHaveLength(1);
});

test("P08 one rule that stands in several profiles has one name", () => {
  const one: Trigger = { ...trigger("pr_crisis"), notify: ["ceo", "dao"], emergency: true };
  expect(ruleKey(one)).toBe(ruleKey({ ...one, notify: ["dao", "ceo"] }));
  expect(ruleKey(one)).not.toBe(ruleKey({ ...one, emergency: false }));
});
