import { execFile, execFileSync } from "node:child_process";
import { availableParallelism } from "node:os";
import { mkdirSync, writeFileSync } from "node:fs";
import { parseArgs, promisify } from "node:util";
import { silentLogger } from "../../packages/base/src/index.ts";
import { connectPostgres } from "../../packages/db/src/index.ts";
import { openTestDatabase } from "../../packages/db/src/testing.ts";
import {
  addReport,
  emptyReport,
  migrationsFolder,
  type RaceReport,
  runRaces,
  schedulesPerDatabase,
  startPostgres,
  testClock,
} from "../../packages/testkit/src/index.ts";

const help = `node scripts/chaos/races.ts [--schedules 10000] [--seed 1] [--on pglite|postgres] [--jobs N]

Plays races on decisions with the real use cases and queries: voters, the deadline's tick, humans, withdrawals and overrides at
once, in as many processes as there are processors (--jobs). Keeps the counts as JSON under scripts/bench/results/ and exits 1 if anything is illegal, counted twice or stuck.
`;

/** More than the databases that one process can need. */
const seedsApart = 1_000;
const results = new URL("../bench/results/", import.meta.url).pathname;

/** Opens a fresh database for each part, plays it, and closes it. */
async function play(on: "pglite" | "postgres", schedules: number, seed: number): Promise<RaceReport> {
  const server = on === "postgres" ? await startPostgres() : null;
  const total = emptyReport();
  try {
    for (let done = 0, part = 0; done < schedules; part += 1) {
      const count = Math.min(schedulesPerDatabase, schedules - done);
      const clock = testClock();
      const database = server ? await server.database() : null;
      const db = database
        ? connectPostgres({ url: database.controlUrl, clock, log: silentLogger, connectionsMax: 12 })
        : await openTestDatabase({ clock, migrations: migrationsFolder });
      try {
        addReport(total, await runRaces({ db, clock }, { schedules: count, seed: seed + part }));
      } finally {
        await db.close();
        await database?.drop();
      }
      done += count;
      process.stderr.write(`${done} of ${schedules} schedules\n`);
    }
  } finally {
    await server?.stop();
  }
  return { ...total, seed };
}

/** The same in several processes at once, each with its share and its own seeds. */
async function playApart(jobs: number, on: string, schedules: number, seed: number): Promise<RaceReport> {
  const share = Math.ceil(schedules / jobs);
  const run = promisify(execFile);
  const parts = Array.from({ length: jobs }, async (_, job) => {
    const count = Math.min(share, schedules - job * share);
    const own = [`--schedules=${count}`, `--seed=${seed + job * seedsApart}`, `--on=${on}`, "--part"];
    const { stdout } = await run(process.execPath, [import.meta.filename, ...own], { maxBuffer: 64 * 1_024 * 1_024 });
    return JSON.parse(stdout) as RaceReport;
  });
  const total = emptyReport();
  for (const part of await Promise.all(parts)) addReport(total, part);
  return { ...total, seed };
}

function keep(report: RaceReport, on: string, seconds: number): boolean {
  const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
  const { illegal, twice, stuck, unexpected, leftOver, ...counts } = report;
  const found = { illegal: illegal.length, twice: twice.length, stuck: stuck.length, unexpected: unexpected.length, leftOver };
  const kept = { name: "races", on, commit, seconds, ...counts, ...found };
  mkdirSync(results, { recursive: true });
  writeFileSync(`${results}races-${on}.json`, `${JSON.stringify(kept, null, 2)}\n`);
  process.stdout.write(`${JSON.stringify(kept)}\n`);
  for (const problem of [...illegal, ...twice, ...stuck, ...unexpected].slice(0, 20)) process.stderr.write(`${problem}\n`);
  return Object.values(found).every((count) => count === 0);
}

const { values } = parseArgs({
  options: {
    schedules: { type: "string", default: "10000" },
    seed: { type: "string", default: "1" },
    on: { type: "string", default: "pglite" },
    jobs: { type: "string", default: String(availableParallelism()) },
    part: { type: "boolean" },
    help: { type: "boolean" },
  },
});
const on = values.on === "postgres" ? "postgres" : "pglite";
const schedules = Number(values.schedules);
const seed = Number(values.seed);
const jobs = Number(values.jobs);
if (values.help) process.stdout.write(help);
else if (values.part) process.stdout.write(JSON.stringify(await play(on, schedules, seed)));
else {
  const start = performance.now();
  const report = await (jobs > 1 ? playApart(jobs, on, schedules, seed) : play(on, schedules, seed));
  if (!keep(report, on, Math.round((performance.now() - start) / 1_000))) process.exitCode = 1;
}
