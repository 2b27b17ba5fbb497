import { beforeAll, expect, test } from "vitest";
import { chaosDefaults, type ChaosReport, missingPrivateEngine, plantBugs, runChaos } from "../src/index.ts";
import { missingFor } from "../src/loopback-container.ts";
import { seededRandom } from "../src/races/seeded-random.ts";

/**
 * The short form of `pnpm chaos`: one fault of each kind after another, under load. AITO_CHAOS_SEED plays them at random instead, as the
 * long form does, for three quarters of a minute.
 */
const seed = Number(process.env["AITO_CHAOS_SEED"] ?? 1);
const sequence = [
  "agent killed at any moment",
  "gateway at a crash point",
  "Redis killed",
  "agent killed at a named moment",
  "orchestrator at a crash point",
  "Postgres killed",
  "an agent cut off",
  "Redis wiped",
  "gateway told to end",
  "the engine's socket misbehaves",
  "the engine killed",
  "the whole host",
];
const rounds = 1;
const runMsMax = 900_000;

let report: ChaosReport;
let planted: Awaited<ReturnType<typeof plantBugs>>;
let missing: string | null = null;

beforeAll(async () => {
  missing = await missingFor(`aito-agent:${process.env["AITO_TAG"] ?? "latest"}`);
  if (missing !== null) return void process.stderr.write(`chaos is skipped: ${missing}\n`);
  const privateEngine = (await missingPrivateEngine()) === null;
  const atRandom = process.env["AITO_CHAOS_SEED"] !== undefined;
  // What is played, or the time, ends it.
  const endless = { tasks: 1_000_000, kills: 1_000_000, minutes: atRandom ? 0.75 : 15 };
  const few = { hands: 0, workersEvery: 60, decisionsEvery: 40, agentEveryMs: 4_000, otherEveryMs: 500 };
  const plan = { ...chaosDefaults, ...endless, ...few, seed, privateEngine, bundles: false, sequence: atRandom ? [] : sequence };
  report = await runChaos({ ...plan, say: (line) => process.stderr.write(`${line}\n`) }, async (stack) => {
    planted = await plantBugs(stack, { rounds, random: seededRandom(seed) });
  });
  process.stderr.write(`${JSON.stringify(report)}\n`);
}, runMsMax);

test("Y05 Y06 F01 F02 F04 F06 F10 F17 F23 F24 F30 nothing accepted is lost, nothing is done twice, nothing is left over", ({
  skip,
}) => {
  if (missing !== null) return skip(missing);
  // How long it took is asked by the long form, on a machine that does nothing else.
  expect(report.problems.filter((problem) => !problem.includes("promised"))).toEqual([]);
  expect(report.tasks).toBeGreaterThan(0);
  expect(report.done).toBeGreaterThanOrEqual(report.tasks);
  expect(report.kills).toBeGreaterThanOrEqual(8);
});

test("Y05 the checker finds each planted bug, every time: a dropped outbox row, a tool run twice, an orphan, an edited row", ({
  skip,
}) => {
  if (missing !== null) return skip(missing);
  expect(planted.missed).toEqual([]);
  expect(planted.planted).toBeGreaterThanOrEqual(8 * rounds);
});
