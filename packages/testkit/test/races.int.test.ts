import { silentLogger } from "@aito/base";
import { connectPostgres } from "@aito/db";
import { openTestDatabase } from "@aito/db/testing";
import { afterAll, expect, test } from "vitest";
import { migrationsFolder, type RaceReport, runRaces, testClock, usePostgres } from "../src/index.ts";

/** The full counts are played by `node scripts/chaos/races.ts`; its results are kept under scripts/bench/results. */
const seed = Number(process.env["AITO_TEST_SEED"] ?? 1);
const reports: [string, RaceReport][] = [];
afterAll(() => {
  for (const [where, { schedules, operations, refused, ballots, escalations }] of reports) {
    const counts = `${operations} operations, ${refused} refused, ${ballots} ballots, ${escalations} escalations`;
    process.stdout.write(`races on ${where}: ${schedules} schedules (seed ${seed}), ${counts}: 0 illegal, 0 twice, 0 stuck\n`);
  }
});

const sound = { unexpected: [], stuck: [], illegal: [], twice: [], leftOver: 0 };

test("V14 F27 voters, ticks, humans, withdrawals and overrides at once on PGlite: nothing illegal, twice or stuck", async () => {
  const clock = testClock();
  const db = await openTestDatabase({ clock, migrations: migrationsFolder });
  try {
    const report = await runRaces({ db, clock }, { schedules: 150, seed });
    reports.push(["PGlite", report]);
    expect(report).toMatchObject({ ...sound, schedules: 150, decisions: 150 });
  } finally {
    await db.close();
  }
});

const used = usePostgres();
test("V14 F27 the same on Postgres, where they truly race, and no deadlock of the database surfaces", async ({ skip }) => {
  const { database } = used.orSkip(skip);
  const clock = testClock();
  const db = connectPostgres({ url: database.controlUrl, clock, log: silentLogger, connectionsMax: 12 });
  try {
    const report = await runRaces({ db, clock }, { schedules: 60, seed });
    reports.push(["Postgres", report]);
    expect(report).toMatchObject({ ...sound, schedules: 60, decisions: 60 });
  } finally {
    await db.close();
  }
});
