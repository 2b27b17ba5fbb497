import { makeNewId, silentLogger, systemClock } from "@aito/base";
import {
  listEvents,
  listTasks,
  createTask,
  registerFleet,
  sealEvents,
  loadPack,
  verifyChain,
  type CompanyDeps,
} from "@aito/company";
import { connectPostgres, dumpCompany, loadCompany, migratePglite, openPglite } from "@aito/db";
import { expect, test } from "vitest";
import { migrationsFolder, usePostgres } from "../src/index.ts";

const used = usePostgres();
const fleetPath = new URL("../../../profiles/aito/fleet.yaml", import.meta.url).pathname;
const clock = systemClock;
const newId = makeNewId(clock.now);

const depsOver = (db: CompanyDeps["db"], companyId: string): CompanyDeps => ({
  db,
  companyId,
  clock,
  newId,
  deliver: () => Promise.resolve(),
  rehearsal: true,
});

/** An embedded company with an agent's task and a sealed chain, and its dump. */
async function embeddedCompany(): Promise<{ lines: string[]; companyId: string; head: string | null }> {
  const db = await openPglite({ folder: null, clock });
  await migratePglite({ database: db, folder: migrationsFolder, log: silentLogger });
  const fleet = await loadPack(fleetPath);
  const companyId = await db.findOrCreateCompany({ id: newId(), slug: fleet.file.company, name: fleet.file.name });
  const deps = depsOver(db, companyId);
  await registerFleet(deps, fleet);
  await createTask(deps, "operator", { title: "A «title» with ü, a tab\t and a backslash \\", description: "", assignTo: "cmo" });
  await sealEvents(deps);
  const { head } = await verifyChain(deps);
  const lines: string[] = [];
  for await (const line of dumpCompany(db)) lines.push(line);
  await db.close();
  return { lines, companyId, head };
}

async function* from(lines: string[]): AsyncGenerator<string> {
  for (const line of lines) yield await Promise.resolve(line);
}

test("an embedded company moves into Postgres row by row, its chain still verifies, and it moves only once", async ({ skip }) => {
  const { database } = used.orSkip(skip);
  const { lines, companyId, head } = await embeddedCompany();
  const cut = lines.slice(0, -1);
  await expect(loadCompany({ url: database.url, lines: from(cut) })).rejects.toMatchObject({
    code: "AITO_DB_IMPORT",
    message: expect.stringContaining("cut off"),
  });
  const dropped = lines.filter((line, index) => !(line.startsWith('{"table":"tasks"') && index > 0));
  await expect(loadCompany({ url: database.url, lines: from(dropped) })).rejects.toMatchObject({ code: "AITO_DB_IMPORT" });

  const { rows: counts } = await loadCompany({ url: database.url, lines: from(lines) });
  expect(counts).toMatchObject({ companies: 1, agents: 7, tasks: 1 });
  const db = connectPostgres({ url: database.controlUrl, clock, log: silentLogger });
  const deps = depsOver(db, companyId);
  expect(await verifyChain(deps)).toMatchObject({ ok: true, head });
  expect(await listTasks(deps, {})).toMatchObject([{ title: "A «title» with ü, a tab\t and a backslash \\", assignedTo: "cmo" }]);
  const events = (await listEvents(deps, {})).length;

  await expect(loadCompany({ url: database.url, lines: from(lines) })).rejects.toMatchObject({
    code: "AITO_DB_IMPORT",
    message: expect.stringContaining("already"),
  });
  expect((await listEvents(deps, {})).length).toBe(events);
  await db.close();
});
