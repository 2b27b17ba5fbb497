import { expect, test } from "vitest";
import { type AgentHistory, anomaliesOf, median, robustDeviation } from "./rules.ts";

const hour = (microUsd: number, more = {}) => ({ microUsd, calls: 10, failed: 0, durationMs: 1_000, ...more });
const usual = [40, 45, 50, 50, 52, 55, 60, 48, 51, 47].map((cents) => hour(cents * 10_000));
const history = (more: Partial<AgentHistory> = {}): AgentHistory => ({
  agent: "cmo",
  hours: usual,
  last: usual[0]!,
  gaps: [60, 61, 59, 60, 62, 58, 60, 60, 61],
  silentMinutes: 60,
  ...more,
});
const kinds = (more: Partial<AgentHistory>) => anomaliesOf(history(more)).map((each) => each.kind);

test("the deviation is from the median in units of the median deviation, so that one wild hour before hides nothing", () => {
  expect(median([3, 1, 2, 10])).toBe(2.5);
  const calm = [10, 11, 9, 10, 12, 8, 10];
  expect(robustDeviation([...calm, 10_000], 40)).toBeGreaterThan(15);
  expect(robustDeviation(calm, 12)).toBeLessThan(2);
  expect(robustDeviation([5, 5, 5], 5)).toBe(0);
});

test("B04 cost, failures, latency and silence far above the agent's own history are found, each for itself", () => {
  expect(kinds({})).toEqual([]);
  expect(kinds({ last: hour(5_000_000) })).toEqual(["cost"]);
  expect(kinds({ last: hour(500_000, { failed: 6 }) })).toEqual(["failures"]);
  expect(kinds({ last: hour(500_000, { durationMs: 9_000 }) })).toEqual(["latency"]);
  expect(kinds({ silentMinutes: 300 })).toEqual(["silence"]);
  expect(anomaliesOf(history({ last: hour(5_000_000) }))[0]!.detail).toBe("$5.0000 in the last hour; its usual is $0.5000");
});

test("little history, a wide one, small sums and quiet agents give no alarm", () => {
  expect(kinds({ hours: usual.slice(0, 5), last: hour(5_000_000) })).toEqual([]);
  expect(kinds({ hours: [1, 100, 5, 80, 40, 2, 60, 90, 30].map((c) => hour(c * 10_000)), last: hour(1_500_000) })).toEqual([]);
  expect(kinds({ hours: usual.map(() => hour(10)), last: hour(5_000) })).toEqual([]);
  expect(kinds({ last: null, silentMinutes: null })).toEqual([]);
  expect(kinds({ gaps: [60], silentMinutes: 10_000 })).toEqual([]);
});
