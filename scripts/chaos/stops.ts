import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { runStops, type StopReport, type StopScope, stopScopes, stopSituations } from "../../packages/testkit/src/index.ts";
import { buildAll } from "../build/build-all.ts";
import { ensureEngine } from "../engine/daemon.ts";
import { buildImages } from "../images/build-images.ts";

export const stopsHelp = `pnpm chaos kill [--rounds 20] [--agents 20] [--scope company] [--seed N] [--keep NAME] [--json]

Presses a kill switch at full load, again and again: with nothing else wrong, with Redis down or hanging, and with gateway and
orchestrator killed at the same moment. From outside: the model's own count of questions, tool calls that succeeded, what Postgres
holds, and docker ps. No effect of what is stopped later than 2 s after the press, no container of it alive, all others go on, and after
each resumption the interrupted work is done exactly once. Exit 1 otherwise.

  --scope  what is pressed: company, client, department, agent, task, or several of them (agent,task), each with all that else goes wrong
`;
const results = new URL("../bench/results/", import.meta.url).pathname;

const { values } = parseArgs({
  args: process.argv.slice(2).filter((word) => word !== "kill"),
  options: {
    rounds: { type: "string", default: "20" },
    agents: { type: "string", default: "20" },
    scope: { type: "string", default: "company" },
    seed: { type: "string" },
    keep: { type: "string", default: "stops" },
    json: { type: "boolean", default: false },
    help: { type: "boolean", default: false },
  },
});

function keep(report: StopReport, name: string): void {
  const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
  const { problems, ...counts } = report;
  mkdirSync(results, { recursive: true });
  writeFileSync(`${results}${name}.json`, `${JSON.stringify({ name, commit, ...counts, problems: problems.length }, null, 2)}\n`);
}

const wrong = Object.entries({ rounds: values.rounds, agents: values.agents, seed: values.seed ?? "1" }).find(
  ([, text]) => !/^\d{1,9}$/.test(text),
);
const scopes = values.scope.split(",");
const unknown = scopes.find((scope) => !stopScopes.includes(scope as StopScope));
if (values.help) process.stdout.write(stopsHelp);
else if (wrong) {
  process.stderr.write(`--${wrong[0]} takes a whole number, not "${wrong[1]}"\n`);
  process.exitCode = 2;
} else if (unknown !== undefined) {
  process.stderr.write(`--scope takes ${stopScopes.join(", ")}, not "${unknown}"\n`);
  process.exitCode = 2;
} else {
  const seed = Number(values.seed ?? Math.floor(Date.now() / 1_000) % 1_000_000);
  const hands = Math.min(13, Math.max(0, Number(values.agents) - 7));
  process.stderr.write(`seed ${seed}\n`);
  await ensureEngine();
  await buildAll();
  await buildImages();
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const plan = { seed, rounds: Number(values.rounds), hands, bundles: true, situations: stopSituations, say };
  const report = await runStops({ ...plan, scopes: scopes as StopScope[] });
  keep(report, values.keep);
  const { lastEffectMs, killedMs, problems } = report;
  if (values.json) process.stdout.write(`${JSON.stringify(report)}\n`);
  else {
    process.stdout.write(
      `${report.rounds.length} presses with ${report.agents} agents: the last effect after ${lastEffectMs.p50} ms (p50), ${lastEffectMs.max} ms at most; ` +
        `no container alive after ${killedMs.p50} ms (p50), ${killedMs.max} ms at most; ${report.done} of ${report.tasks} tasks done\n`,
    );
  }
  for (const problem of problems.slice(0, 50)) process.stderr.write(`${problem}\n`);
  if (problems.length > 0) process.exitCode = 1;
}
