import { microToUsd, type Trigger, type TriggerKind, usdToMicro } from "@aito/protocol";
import type { SeriesRow } from "../metrics/queries.ts";

export const windowHours = 24;
export const baselineHours = 7 * 24;
/** A condition that comes and goes within it is one alarm. */
export const coolDownMinutes = 60;

/** Why a value does not count that nobody has tried to back. */
export const noReceipt = "no receipt states it";
const whyCharsMax = 500;

/** The metrics that triggers read, by name. */
export const watchedMetrics = ["sentiment", "negative_sentiment", "pr_crisis", "incidents"] as const;

/** A figure that does not count as verified: why, and what these words carry. */
export interface Doubt {
  why: string;
  taint: string | null;
}

export interface Series extends Omit<SeriesRow, "latest_claim" | "unverified_claim"> {
  /** Of the newest value; null where it counts. */
  latest_doubt: Doubt | null;
  /** Of the newest of those of the window that do not count. */
  window_doubt: Doubt | null;
}

/** What has been recorded, at one moment. */
export interface Facts {
  series: readonly Series[];
  /** Approved amounts and model costs of the running month against the fleet's budget. */
  month: { name: string; spentMicroUsd: bigint; budgetMicroUsd: bigint };
  /** Agents that were given up after failing again and again. */
  quarantined: readonly { agent: string; reason: string }[];
}

/** A condition that holds now, about one subject. */
export interface Condition {
  subject: string;
  detail: string;
  /** What the detail's words carry. */
  taint?: string | null;
}

/** Pure: everything for which a trigger's condition holds now. */
export function conditionsOf(trigger: Trigger, facts: Facts): Condition[] {
  const kind: TriggerKind = trigger.kind;
  switch (kind) {
    case "sentiment_drop":
      return facts.series.flatMap((series) => sentiment(series, trigger.threshold) ?? []);
    case "pr_crisis":
      return above(facts, "pr_crisis", trigger.threshold);
    case "technical_issue":
      return [
        ...above(facts, "incidents", trigger.threshold),
        ...facts.quarantined.map(({ agent, reason }) => ({ subject: agent, detail: `agent ${agent}: ${reason}` })),
      ];
    case "budget_overrun":
      return overrun(facts.month, trigger.threshold);
    default:
      return kind satisfies never;
  }
}

/** The newest value of the window is above the threshold. */
function above({ series }: Facts, name: string, threshold: string): Condition[] {
  return series
    .filter((each) => each.name === name && each.latest !== null && millionths(each.latest) > millionths(threshold))
    .map((each) => ({
      subject: each.entity,
      detail:
        `${name} of ${each.entity} is ${plain(each.latest!)}, above ${plain(threshold)}` +
        (each.latest_doubt === null ? "" : `; UNVERIFIED: an agent says so, ${wordsOf(each.latest_doubt)}`),
      taint: each.latest_doubt?.taint ?? null,
    }));
}

/** An alarm is worth being told before anybody has checked it, but not as if somebody had, and with what speaks against it. */
const wordsOf = ({ why }: Doubt): string => (why === noReceipt ? `and ${noReceipt}` : `but: ${why.slice(0, whyCharsMax)}`);

/**
 * The window's mean against the baseline's: `sentiment` fell, or `negative_sentiment` rose, by more than `threshold` percent of the
 * baseline. Compared as products of sums and counts, so that no division rounds. Nothing without a baseline to compare with.
 */
function sentiment(series: Series, threshold: string): Condition | null {
  const falls = series.name === "sentiment";
  if (!falls && series.name !== "negative_sentiment") return null;
  if (series.window_count === 0 || series.baseline_count === 0) return null;
  const now = millionths(series.window_sum!) * BigInt(series.baseline_count);
  const before = millionths(series.baseline_sum!) * BigInt(series.window_count);
  const worse = falls ? before - now : now - before;
  // Percent of the baseline; both sides times a million for the threshold's fraction.
  if (worse <= 0n || worse * 100n * 1_000_000n <= millionths(threshold) * (before < 0n ? -before : before)) return null;
  const mean = (sum: string, count: number): string => plain(microToUsd(millionths(sum) / BigInt(count)));
  const [from, to] = [mean(series.baseline_sum!, series.baseline_count), mean(series.window_sum!, series.window_count)];
  return {
    subject: series.entity,
    detail:
      `${series.name} of ${series.entity} went from ${from} (mean of the ${baselineHours / 24} days before) to ${to} ${series.unit} ` +
      `(mean of the last ${windowHours} hours), more than ${plain(threshold)} % worse` +
      (series.window_unverified === 0
        ? ""
        : `; UNVERIFIED: ${series.window_unverified} of the ${series.window_count} values of these hours, the newest of them because ` +
          (series.window_doubt?.why.slice(0, whyCharsMax) ?? noReceipt)),
    taint: series.window_doubt?.taint ?? null,
  };
}

/** Spent above the budget by more than `threshold` percent of it. */
function overrun({ name, spentMicroUsd, budgetMicroUsd }: Facts["month"], threshold: string): Condition[] {
  const over = spentMicroUsd - budgetMicroUsd;
  if (over <= 0n || over * 100n * 1_000_000n <= millionths(threshold) * budgetMicroUsd) return [];
  return [
    {
      subject: name,
      detail: `$${microToUsd(spentMicroUsd)} approved and spent in ${name}, $${microToUsd(over)} above the budget of $${microToUsd(budgetMicroUsd)}`,
    },
  ];
}

/** Decimal text in millionths: the money functions are exact for any number with six decimals. */
const millionths = (decimal: string): bigint => usdToMicro(decimal);
/** Without trailing zeros: numeric(18, 6) gives "20.000000". */
const plain = (decimal: string): string => (decimal.includes(".") ? decimal.replace(/\.?0+$/, "") : decimal);

/** Pure: names a rule whatever profile it stands in, so that one that several profiles share fires once. */
export const ruleKey = ({ kind, threshold, notify, emergency }: Trigger): string =>
  `${kind}|${threshold}|${notify.toSorted().join(",")}|${emergency ? "session" : "alert"}`.slice(0, 255);
