import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
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

const help = `node scripts/chaos/races.ts [--schedules 10000] [--seed 1] [--on pglite|postgres]

Plays races on decisions with the real use cases and queries: voters, the deadline's tick, humans, withdrawals and overrides at
once. Keeps the counts as JSON under scripts/bench/results/ and exits 1 if anything is illegal, counted twice or stuck.
`;

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
        ? connectPostgres({ url: database.url, clock, log: silentLogger, connectionsMax: 12 })
        : await openTestDatabase({ clock, migrations: migrationsFolder });
      try {
        addReport(total, await runRaces({ db, clock }, { schedules: count, seed: seed + part }));
      } finally {
        await db.close();
        await database?.drop();
      }
      done += count;
      console.error(`${done} of ${schedules} schedules`);
    }
  } finally {
    await server?.stop();
  }
  return { ...total, seed };
}

const { values } = parseArgs({
  options: {
    schedules: { type: "string", default: "10000" },
    seed: { type: "string", default: "1" },
    on: { type: "string", default: "pglite" },
    help: { type: "boolean" },
  },
});
if (values.help) console.log(help);
else {
  const on = values.on === "postgres" ? "postgres" : "pglite";
  const start = performance.now();
  const report = await play(on, Number(values.schedules), Number(values.seed));
  const seconds = Math.round((performance.now() - start) / 1_000);
  const commit = execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim();
  const { illegal, twice, stuck, unexpected, leftOver, ...counts } = report;
  const found = { illegal: illegal.length, twice: twice.length, stuck: stuck.length, unexpected: unexpected.length, leftOver };
  const kept = { name: "races", on, commit, seconds, ...counts, ...found };
  mkdirSync(results, { recursive: true });
  writeFileSync(`${results}races-${on}.json`, `${JSON.stringify(kept, null, 2)}\n`);
  console.log(JSON.stringify(kept));
  for (const problem of [...illegal, ...twice, ...stuck, ...unexpected].slice(0, 20)) console.error(problem);
  if (Object.values(found).some((count) => count > 0)) process.exitCode = 1;
}
