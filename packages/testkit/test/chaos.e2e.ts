import { beforeAll, describe, expect, test } from "vitest";
import { chaosDefaults, type ChaosReport, missingPrivateEngine, plantBugs, runChaos } from "../src/index.ts";
import { missingFor } from "../src/loopback-container.ts";
import { seededRandom } from "../src/races/seeded-random.ts";

/** The short form of `pnpm chaos`: another seed each time, printed, so that a red run can be played again. */
const seed = Number(process.env["AITO_CHAOS_SEED"] ?? Date.now() % 1_000_000);
const rounds = 3;
const runMsMax = 280_000;

describe("a company that is broken under load", () => {
  let report: ChaosReport;
  let planted: Awaited<ReturnType<typeof plantBugs>>;
  let missing: string | null = null;

  beforeAll(async () => {
    missing = await missingFor(`aito-agent:${process.env["AITO_TAG"] ?? "latest"}`);
    if (missing !== null) return void process.stderr.write(`chaos is skipped: ${missing}\n`);
    const privateEngine = (await missingPrivateEngine()) === null;
    process.stderr.write(`chaos seed ${seed}\n`);
    const plan = {
      ...chaosDefaults,
      seed,
      tasks: 200,
      kills: 25,
      minutes: 1,
      hands: 0,
      privateEngine,
      bundles: false,
      onceEach: true,
    };
    const few = { workersEvery: 60, decisionsEvery: 90, agentEveryMs: 3_000, otherEveryMs: 300 };
    report = await runChaos({ ...plan, ...few, say: (line) => process.stderr.write(`${line}\n`) }, async (stack) => {
      planted = await plantBugs(stack, { rounds, random: seededRandom(seed) });
    });
    process.stderr.write(`${JSON.stringify(report)}\n`);
  }, runMsMax);

  test("Y05 Y06 F01 F02 F04 F06 F10 F17 F23 F24 F30 nothing accepted is lost, nothing is done twice, nothing is left over", ({
    skip,
  }) => {
    if (missing !== null) return skip(missing);
    expect(report.problems).toEqual([]);
    expect(report.done).toBeGreaterThanOrEqual(report.tasks);
    expect(report.kills).toBeGreaterThanOrEqual(10);
  });

  test("Y05 a killed agent is back within 10 s (p95)", ({ skip }) => {
    if (missing !== null) return skip(missing);
    expect(report.replacedMs.n).toBeGreaterThan(0);
    expect(report.replacedMs.p95).toBeLessThanOrEqual(10_000);
  });

  test("Y05 the checker finds each planted bug, every time: a dropped outbox row, a tool run twice, an orphan, an edited row", ({
    skip,
  }) => {
    if (missing !== null) return skip(missing);
    expect(planted.missed).toEqual([]);
    expect(planted.planted).toBeGreaterThanOrEqual(8 * rounds);
  });
});
