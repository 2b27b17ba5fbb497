import { parseArgs } from "node:util";
import { report } from "../check.ts";
import { root } from "../steps/places.ts";
import { Refusal, reason, runScript } from "../steps/refusal.ts";
import { say } from "../steps/step.ts";
import { runChecks } from "./checks.ts";
import { countTests } from "./count-tests.ts";
import { interruption, runVitest } from "./run-vitest.ts";
import { forEndToEnd, forIntegration, missing } from "./set-up.ts";
import { type Failed, type Tally, add, nothing, tellFailed, totalLine } from "./tally.ts";

interface Level {
  name: string;
  title: string;
  /** What it takes at most; a level that takes longer is stopped and counts as failed. */
  minutesMax: number;
  setUp: (() => Promise<void>) | null;
}

const levels: Level[] = [
  { name: "check", title: "check", minutesMax: 8, setUp: null },
  { name: "unit", title: "unit and property", minutesMax: 10, setUp: null },
  { name: "integration", title: "integration", minutesMax: 40, setUp: forIntegration },
  { name: "e2e", title: "end to end", minutesMax: 25, setUp: forEndToEnd },
];
const namesShownMax = 50;

/** What failed in any level, told once more before the last line: the output of a whole run is too long to keep everywhere. */
const failures: Failed[] = [];
let interrupted = false;

/** The set-up that was begun before its level. */
const begun = new Map<Level, Promise<string | null>>();

/**
 * Begins the first set-up beside the levels that need none: on a new machine it waits for packages and for the disk for minutes. Not at a
 * terminal, where its steps would redraw the other's lines.
 */
function beginSetUp(chosen: Level[]): void {
  const first = chosen.find(({ setUp }) => setUp !== null);
  if (!first?.setUp || process.stderr.isTTY) return;
  const ready = missing(first.setUp);
  // Its level tells what broke it.
  ready.catch(() => undefined);
  begun.set(first, ready);
}

async function checkLevel(): Promise<Tally> {
  const results = await runChecks(report);
  const failed = results.filter(({ ok }) => !ok);
  failures.push(...failed.map(({ name, output }) => ({ name, file: "", message: output })));
  return { passed: results.length - failed.length, failed: failed.length, skipped: 0 };
}

async function testLevel(level: Level, filters: string[]): Promise<Tally> {
  const why = level.setUp ? await (begun.get(level) ?? missing(level.setUp)) : null;
  if (why) {
    const skipped = await countTests(level.name);
    say(`  skipped: ${skipped} ${level.title} tests, because ${why}`);
    return { ...nothing, skipped };
  }
  const result = await runVitest(level.name, level.minutesMax * 60_000, filters);
  if (result.stopped) say(`  stopped: ${level.title} ${result.stopped}`);
  failures.push(...result.failures);
  interrupted = result.stopped === interruption;
  result.skippedNames.slice(0, namesShownMax).forEach((name) => say(`  skipped: ${name} (its own condition did not hold)`));
  return result;
}

/** Runs one level; what breaks its set-up is one failure, and the other levels still run. */
async function runLevel(level: Level, filters: string[]): Promise<Tally> {
  const since = performance.now();
  say(`\n== ${level.title}`);
  let tally: Tally;
  try {
    tally = level.name === "check" ? await checkLevel() : await testLevel(level, filters);
  } catch (error) {
    failures.push({ name: `the set-up of the level ${level.name}`, file: "", message: reason(error) });
    say(`  failed: the set-up of this level: ${reason(error)}`);
    tally = { passed: 0, failed: 1, skipped: await countTests(level.name) };
  }
  say(`== ${level.title}: ${totalLine(tally)} in ${((performance.now() - since) / 1000).toFixed(1)} s`);
  return tally;
}

function wanted(argv: string[]): { chosen: Level[]; filters: string[] } {
  const { values, positionals } = parseArgs({
    args: argv,
    allowPositionals: true,
    options: { level: { type: "string", multiple: true } },
  });
  const names = (values.level ?? []).flatMap((text) => text.split(","));
  const unknown = names.find((name) => !levels.some((level) => level.name === name));
  if (unknown)
    throw new Refusal(`there is no level "${unknown}": choose of ${levels.map(({ name }) => name).join(", ")}`, { exitCode: 2 });
  return { chosen: levels.filter(({ name }) => names.length === 0 || names.includes(name)), filters: positionals };
}

const help = `npm test [-- --level unit,integration] [-- name of a file]

Every level, or the named ones: ${levels.map(({ name }) => name).join(", ")}. Level check runs all its checks; of the others only files with that name.
What needs Docker is skipped where there is none, and said. The last line of stdout is the total of all levels. Exit 1: something failed.
`;

await runScript(async () => {
  const { chosen, filters } = wanted(process.argv.slice(2));
  let total = nothing;
  beginSetUp(chosen);
  for (const level of chosen) {
    if (interrupted) say(`\n== ${level.title}: not run`);
    else total = add(total, await runLevel(level, filters));
  }
  failures.slice(0, namesShownMax).forEach((failed) => say(tellFailed(failed, root)));
  // All that was said on stderr is out before the last line is written.
  await new Promise<void>((done) => process.stderr.write("\n", () => done()));
  process.stdout.write(`${totalLine(total)}\n`);
  return total.failed > 0 ? 1 : 0;
}, help);
