import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import {
  chaosDefaults,
  type ChaosPlan,
  type ChaosReport,
  missingPrivateEngine,
  runChaos,
} from "../../packages/testkit/src/index.ts";
import { buildAll } from "../build/build-all.ts";
import { ensureEngine } from "../engine/daemon.ts";
import { buildImages } from "../images/build-images.ts";

const help = `pnpm chaos [--seed N] [--tasks 10000] [--kills 300] [--minutes 45] [--only F01,redis,…] [--agents 12] [--live-restore]
           [--shared-engine] [--keep NAME] [--json]

Runs a company under load and breaks it at random: agents, gateway and orchestrator are killed at named points and at any moment,
Redis and Postgres are killed, wiped, flushed, paused, slow and read-only, the engine (a second one of its own) is killed, its socket misbehaves,
agents are cut off, and the whole host goes down. Then what was seen from outside (the model, the link, the receiver) is held against
Postgres, Redis and docker ps -a. It ends when so many kills were done and all tasks are handed out, at the latest after --minutes.

  --seed          repeats a schedule; the default is the time
  --only          faults by number (F04) or by words of their name
  --agents        standing agents (7 to 19)
  --shared-engine agents on this machine's engine; the engine itself is then not killed
  --live-restore  agents outlive the second engine's end
  --keep          name of the file under scripts/bench/results/ to which the run is added (default chaos)

  pnpm chaos kill is about the kill switch: see pnpm chaos kill --help
  pnpm chaos approvals kills processes that run approved calls: see pnpm chaos approvals --help
  pnpm chaos poison is about a task that always ends its worker: see pnpm chaos poison --help

Exit 1: something was lost, done twice, left over, or later than promised; each is a line on stderr.
`;
const exitUsage = 2;
const results = new URL("../bench/results/", import.meta.url).pathname;

function whole(name: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  if (/^\d{1,9}$/.test(text)) return Number(text);
  process.stderr.write(`--${name} takes a whole number, not "${text}"\n`);
  process.exit(exitUsage);
}

function parse() {
  try {
    return parseArgs({
      options: {
        seed: { type: "string" },
        tasks: { type: "string" },
        kills: { type: "string" },
        minutes: { type: "string" },
        only: { type: "string", default: "" },
        agents: { type: "string" },
        keep: { type: "string", default: "chaos" },
        "shared-engine": { type: "boolean", default: false },
        "live-restore": { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n${help}`);
    return process.exit(exitUsage);
  }
}

function keep(report: ChaosReport, name: string): void {
  const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
  const { problems, ...counts } = report;
  const kept = { name, commit, ...counts, problems: problems.length };
  mkdirSync(results, { recursive: true });
  const file = `${results}${name}.json`;
  const before = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as unknown[]) : [];
  writeFileSync(file, `${JSON.stringify([...before, kept], null, 2)}\n`);
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);

function printReport(report: ChaosReport): void {
  const { replacedMs, kills, tasks, done, lost, twice } = report;
  say(`seed ${report.seed}: ${tasks} tasks, ${done} done, ${lost} lost, ${twice} twice, ${kills} kills, ${report.seconds} s`);
  say(`${report.tasksPerMinute} tasks and ${report.killsPerMinute} kills a minute`);
  say(`a killed agent is back after ${replacedMs.p50} ms (p50), ${replacedMs.p95} ms (p95), ${replacedMs.max} ms at most`);
  for (const [fault, count] of Object.entries(report.faults)) say(`  ${String(count).padStart(4)}  ${fault}`);
  for (const [fault, { n, p95, max }] of Object.entries(report.workingAgainMs)) {
    say(`  work again after: ${fault}: ${p95} ms (p95 of ${n}), ${max} ms at most`);
  }
}

if (process.argv[2] === "kill") {
  await import("./stops.ts");
  process.exit();
}
if (process.argv[2] === "poison") {
  await import("./poison.ts");
  process.exit();
}

if (process.argv[2] === "approvals") {
  await import("./approvals.ts");
  process.exit();
}

const values = parse();
if (values.help) {
  process.stdout.write(help);
} else {
  const missing = values["shared-engine"] ? null : await missingPrivateEngine();
  if (missing) process.stderr.write(`agents run on the shared engine: ${missing}\n`);
  const start = performance.now();
  const plan: ChaosPlan = {
    ...chaosDefaults,
    seed: whole("seed", values.seed, Math.floor(Date.now() / 1_000) % 1_000_000),
    tasks: whole("tasks", values.tasks, chaosDefaults.tasks),
    kills: whole("kills", values.kills, chaosDefaults.kills),
    minutes: whole("minutes", values.minutes, chaosDefaults.minutes),
    hands: Math.min(12, Math.max(0, whole("agents", values.agents, 12) - 7)),
    only: values.only.split(",").filter(Boolean),
    privateEngine: !values["shared-engine"] && missing === null,
    liveRestore: values["live-restore"],
    say: (line) => process.stderr.write(`${((performance.now() - start) / 1_000).toFixed(0).padStart(5)} s  ${line}\n`),
  };
  process.stderr.write(`seed ${plan.seed}\n`);
  const stop = new AbortController();
  process.once("SIGINT", () => {
    process.stderr.write("ending: what was handed out is finished and checked\n");
    stop.abort();
  });
  await ensureEngine();
  await buildAll();
  await buildImages();
  const report = await runChaos({ ...plan, signal: stop.signal });
  keep(report, values.keep);
  if (values.json) say(JSON.stringify(report));
  else printReport(report);
  for (const problem of report.problems.slice(0, 50)) process.stderr.write(`${problem}\n`);
  if (report.problems.length > 0) process.exitCode = 1;
}
