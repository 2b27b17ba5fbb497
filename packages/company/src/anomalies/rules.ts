/** What is watched of an agent, hour by hour, against its own history. */
export type AnomalyKind = "cost" | "failures" | "latency" | "silence";

export interface AgentHistory {
  agent: string;
  /** Hours with calls before the last one, oldest first. */
  hours: HourOfCalls[];
  /** The last hour; null without a call in it. */
  last: HourOfCalls | null;
  /** Minutes between the starts of its runs, and since the last start. */
  gaps: number[];
  silentMinutes: number | null;
}

export interface HourOfCalls {
  microUsd: number;
  calls: number;
  failed: number;
  /** The median of its calls. */
  durationMs: number;
}

export interface Anomaly {
  agent: string;
  kind: AnomalyKind;
  detail: string;
}

/** Less history than this says nothing. */
const samplesMin = 8;
/** Robust deviations from the median; at 6 even a wild history is quiet. */
const deviationsMax = 6;
/** The median absolute deviation as an estimate of the standard deviation of a normal distribution. */
const madToSigma = 1.4826;
/** What is small is not worth an alarm, however unusual. */
const least = { microUsd: 10_000, failedCalls: 3, durationMs: 2_000, silentMinutes: 30 };

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** How many robust deviations `value` is above the median; a history without any spread counts as one with 5 %. */
export function robustDeviation(history: readonly number[], value: number): number {
  const center = median(history);
  const mad = median(history.map((each) => Math.abs(each - center)));
  const sigma = Math.max(mad * madToSigma, Math.abs(center) * 0.05, Number.EPSILON);
  return (value - center) / sigma;
}

const isOdd = (history: readonly number[], value: number): boolean =>
  history.length >= samplesMin && value > 2 * median(history) && robustDeviation(history, value) > deviationsMax;

/** What is far above what the agent itself does otherwise. */
export function anomaliesOf({ agent, hours, last, gaps, silentMinutes }: AgentHistory): Anomaly[] {
  const found: Anomaly[] = [];
  const add = (kind: AnomalyKind, detail: string): void => void found.push({ agent, kind, detail });
  const usd = (micro: number): string => `$${(micro / 1e6).toFixed(4)}`;
  if (last) {
    const costs = hours.map((hour) => hour.microUsd);
    if (last.microUsd >= least.microUsd && isOdd(costs, last.microUsd)) {
      add("cost", `${usd(last.microUsd)} in the last hour; its usual is ${usd(median(costs))}`);
    }
    const shares = hours.map((hour) => hour.failed / Math.max(1, hour.calls));
    const share = last.failed / Math.max(1, last.calls);
    if (last.failed >= least.failedCalls && isOdd(shares, share)) {
      add(
        "failures",
        `${last.failed} of ${last.calls} calls of the last hour failed; its usual is ${Math.round(median(shares) * 100)} %`,
      );
    }
    const durations = hours.map((hour) => hour.durationMs);
    if (last.durationMs >= least.durationMs && isOdd(durations, last.durationMs)) {
      add(
        "latency",
        `its calls took ${Math.round(last.durationMs)} ms in the last hour; its usual is ${Math.round(median(durations))} ms`,
      );
    }
  }
  if (silentMinutes !== null && silentMinutes >= least.silentMinutes && isOdd(gaps, silentMinutes)) {
    add("silence", `no run for ${Math.round(silentMinutes)} minutes; its usual is one every ${Math.round(median(gaps))}`);
  }
  return found;
}
