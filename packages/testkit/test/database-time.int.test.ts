import { type Clock, followingClock, isAitoError, makeNewId, silentLogger, systemClock } from "@aito/base";
import {
  closeDueRounds,
  type CompanyDeps,
  decisionView,
  loadPack,
  newLoginLink,
  propose,
  registerFleet,
  loginLinkWorks,
  useLoginLink,
} from "@aito/company";
import { connectPostgres, type Database } from "@aito/db";
import { openTestDatabase } from "@aito/db/testing";
import { Proposal } from "@aito/protocol";
import { sql } from "kysely";
import { expect, test } from "vitest";
import { migrationsFolder, openMemoryCompany, usePostgres } from "../src/index.ts";

const used = usePostgres();
const packFile = new URL("../../../profiles/aito/fleet.yaml", import.meta.url).pathname;
const hourMs = 3_600_000;
const offBy = { "3 hours behind": -3 * hourMs, "3 hours ahead": 3 * hourMs };
const shifted = (ms: number) => (): number => systemClock.now().getTime() + ms;

async function companyOn(db: Database, clock: Clock): Promise<CompanyDeps> {
  await db.ping();
  const newId = makeNewId(clock.now);
  const companyId = await db.findOrCreateCompany({ id: newId(), slug: `c-${newId().slice(-12)}`, name: "Acme" });
  const deps: CompanyDeps = { db, companyId, clock, newId, deliver: () => Promise.resolve(), rehearsal: false };
  await registerFleet(deps, await loadPack(packFile));
  return deps;
}

/** What the database's own clock says, asked apart from any transaction's time. */
const databaseNow = (deps: CompanyDeps): Promise<number> =>
  deps.db.transaction({ companyId: deps.companyId }, async (tx) => {
    const { rows } = await sql<{ at: Date }>`select clock_timestamp() as at`.execute(tx.queries);
    return rows[0]!.at.getTime();
  });

/** Moves a time that stands in a row, counted from the database's now. */
const setTime = (deps: CompanyDeps, table: string, column: string, seconds: number): Promise<unknown> =>
  deps.db.transaction({ companyId: deps.companyId }, (tx) =>
    sql`update ${sql.table(table)} set ${sql.ref(column)} = clock_timestamp() + make_interval(secs => ${seconds})`.execute(
      tx.queries,
    ),
  );

const refusal = (run: Promise<unknown>): Promise<string | null> =>
  run.then(
    () => null,
    (error: unknown) => (isAitoError(error) ? error.code : "other"),
  );

async function holds(deps: CompanyDeps): Promise<void> {
  const now = await databaseNow(deps);
  expect(Math.abs(deps.clock.now().getTime() - now)).toBeLessThan(20_000);
  expect(Math.abs(Number.parseInt(deps.newId().replace("-", "").slice(0, 12), 16) - now)).toBeLessThan(20_000);
  // A deadline: 15 minutes by the database, neither closed at once nor three hours late.
  const { id } = await propose(deps, "cto", Proposal.parse({ title: "A tool", type: "major", usd: 150 }));
  const { deadlineAt } = await decisionView(deps, id);
  expect(Math.abs(Date.parse(deadlineAt!) - now - 15 * 60_000)).toBeLessThan(60_000);
  expect(await closeDueRounds(deps)).toBe(0);
  expect(await decisionView(deps, id)).toMatchObject({ round: 1, status: "pending" });
  // A token: used while it is good, and no second longer.
  const good = await newLoginLink(deps, { by: "operator" });
  expect(await refusal(useLoginLink(deps, good.token))).toBeNull();
  const late = await newLoginLink(deps, { by: "operator" });
  expect(await loginLinkWorks(deps, late.token)).toBe(true);
  await setTime(deps, "login_links", "expires_at", -1);
  expect(await loginLinkWorks(deps, late.token)).toBe(false);
  expect(await refusal(useLoginLink(deps, late.token))).toBe("AITO_LOGIN_LINK");
}

/** The rules read the deadline in the machine; a ticker asks the column which is due. Both stand 1 s in the past then. */
const lapse = (deps: CompanyDeps, id: string): Promise<unknown> =>
  deps.db.transaction({ companyId: deps.companyId }, async (tx) => {
    const { rows } = await sql<{ at: Date }>`select clock_timestamp() - interval '1 second' as at`.execute(tx.queries);
    const at = rows[0]!.at.toISOString();
    await sql`update decisions set deadline_at = ${at}::timestamptz, machine = jsonb_set(machine, '{rounds,0,deadline}', ${JSON.stringify(at)}::jsonb)
      where id = ${id}`.execute(tx.queries);
  });

for (const [name, ms] of Object.entries(offBy)) {
  test(`F12 a program whose clock is ${name} closes no deadline early or late and takes no expired token`, async ({ skip }) => {
    const { database } = used.orSkip(skip);
    const clock = followingClock(shifted(ms));
    const db = connectPostgres({ url: database.controlUrl, clock, log: silentLogger });
    try {
      const deps = await companyOn(db, clock);
      await holds(deps);
      const { id } = await propose(deps, "cto", Proposal.parse({ title: "Another tool", type: "major", usd: 160 }));
      await lapse(deps, id);
      expect(await closeDueRounds(deps)).toBe(1);
      expect(await decisionView(deps, id)).toMatchObject({ round: 2, phase: "analysis" });
    } finally {
      await db.close();
    }
  });
}

test("F12 in the embedded mode, too, a transaction's time is the database's", async () => {
  const clock = followingClock(shifted(-3 * hourMs));
  const database = await openTestDatabase({ clock, migrations: migrationsFolder });
  try {
    const deps = await companyOn(database, clock);
    await holds(deps);
  } finally {
    await database.close();
  }
});

test("a virtual clock stays the time of transactions, whatever the database's clock says", async () => {
  const { deps, clock, close } = await openMemoryCompany();
  try {
    const seen = await deps.db.transaction({ companyId: deps.companyId }, (tx) => Promise.resolve(tx.now));
    expect(seen).toEqual(clock.now());
    expect(await databaseNow(deps)).not.toBe(seen.getTime());
  } finally {
    await close();
  }
});
