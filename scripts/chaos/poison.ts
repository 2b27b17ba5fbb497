import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { runPoison } from "../../packages/testkit/src/index.ts";
import { buildAll } from "../build/build-all.ts";
import { ensureEngine } from "../engine/daemon.ts";
import { buildImages } from "../images/build-images.ts";

const help = `pnpm chaos poison [--rounds 3] [--seconds 40] [--agents 9] [--seed N] [--keep NAME] [--json]

Under load, hands out a worker's task whose worker aborts as soon as it runs, each time. It must be quarantined after three containers at
most, and the others must finish at least 95 % of what they finish in as long a time without it. Exit 1 otherwise.
`;
const results = new URL("../bench/results/", import.meta.url).pathname;

const { values } = parseArgs({
  args: process.argv.slice(2).filter((word) => word !== "poison"),
  options: {
    rounds: { type: "string", default: "3" },
    seconds: { type: "string", default: "40" },
    agents: { type: "string", default: "9" },
    seed: { type: "string" },
    keep: { type: "string", default: "poison" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

const numbers = { rounds: values.rounds, seconds: values.seconds, agents: values.agents, seed: values.seed ?? "1" };
const wrong = Object.entries(numbers).find(([, text]) => !/^\d{1,9}$/.test(text));
if (values.help) process.stdout.write(help);
else if (wrong) {
  process.stderr.write(`--${wrong[0]} takes a whole number, not "${wrong[1]}"\n`);
  process.exitCode = 2;
} else {
  const seed = Number(values.seed ?? Math.floor(Date.now() / 1_000) % 1_000_000);
  await ensureEngine();
  await buildAll();
  await buildImages();
  const report = await runPoison({
    seed,
    rounds: Number(values.rounds),
    windowSeconds: Number(values.seconds),
    hands: Math.min(12, Math.max(0, Number(values.agents) - 7)),
    bundles: true,
    say: (line) => void process.stderr.write(`${line}\n`),
  });
  const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
  mkdirSync(results, { recursive: true });
  writeFileSync(`${results}${values.keep}.json`, `${JSON.stringify({ name: values.keep, commit, ...report }, null, 2)}\n`);
  if (values.json) process.stdout.write(`${JSON.stringify(report)}\n`);
  else {
    const most = Math.max(...report.rounds.map(({ containers }) => containers));
    process.stdout.write(
      `${report.rounds.length} poison tasks beside ${report.agents} agents: ${most} containers at most, the others at ${(report.othersShare * 100).toFixed(1)} %\n`,
    );
  }
  for (const problem of report.problems) process.stderr.write(`${problem}\n`);
  if (report.problems.length > 0) process.exitCode = 1;
}
