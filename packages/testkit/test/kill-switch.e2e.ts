import { beforeAll, expect, test } from "vitest";
import { runStops, stopMsMax, type StopReport } from "../src/index.ts";
import { missingFor } from "../src/loopback-container.ts";

/** The short form of `pnpm chaos kill`: three presses with the seven agents of the pack. */
const seed = Number(process.env["AITO_CHAOS_SEED"] ?? Date.now() % 1_000_000);
let report: StopReport;
let missing: string | null = null;

beforeAll(async () => {
  missing = await missingFor(`aito-agent:${process.env["AITO_TAG"] ?? "latest"}`);
  if (missing !== null) return void process.stderr.write(`the kill switch is skipped: ${missing}\n`);
  process.stderr.write(`kill switch seed ${seed}\n`);
  const situations = ["nothing else", "Redis is down", "gateway and orchestrator are killed"] as const;
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  report = await runStops({ seed, rounds: 3, hands: 0, bundles: false, situations, say });
}, 290_000);

test("S13 S14 Y11 F25 nothing happens later than two seconds after the press: with Redis down, and during a restart too", ({
  skip,
}) => {
  if (missing !== null) return skip(missing);
  expect(report.rounds.map(({ running }) => running).every((running) => running >= 7)).toBe(true);
  expect(report.lastEffectMs.max).toBeLessThanOrEqual(stopMsMax);
  expect(report.problems).toEqual([]);
});

test("S13 what was interrupted goes on after the resumption, and is done exactly once", ({ skip }) => {
  if (missing !== null) return skip(missing);
  expect(report.tasks).toBeGreaterThan(0);
  expect(report.done).toBeGreaterThanOrEqual(report.tasks);
});
