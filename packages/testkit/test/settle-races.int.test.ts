import { makeNewId, newToken, sha256, silentLogger, systemClock } from "@aito/base";
import {
  beginIncarnation,
  type CompanyDeps,
  hello,
  listContradictions,
  loadPack,
  recordReceipt,
  registerFleet,
  settleContradiction,
  submitReport,
  transact,
} from "@aito/company";
import { connectPostgres } from "@aito/db";
import { sql } from "kysely";
import { expect, test } from "vitest";
import { usePostgres, waitFor } from "../src/index.ts";

const used = usePostgres();
const packFile = new URL("../../../profiles/aito/fleet.yaml", import.meta.url).pathname;

async function states(deps: CompanyDeps, agent: string, value: string): Promise<void> {
  const tokenHash = sha256(newToken("run"));
  const { epoch } = await beginIncarnation(deps, { agent, tokenHash });
  const session = await hello(deps, { tokenHash, epoch, sessionHash: sha256(newToken("ses")), redisPasswordHash: sha256("x") });
  const period = { from: "2026-02-01T00:00:00.000Z", to: "2026-03-01T00:00:00.000Z" };
  const said = { metric: "visits", value, unit: "count", period, entity: "shop" };
  const facts = [{ ...said, observedAt: deps.clock.now().toISOString() }];
  const call = {
    tool: "read_visits",
    argumentsDigest: "d",
    ok: true,
    result: {},
    durationMs: 1,
    run: null,
    facts,
    source: agent,
  };
  const { id } = await recordReceipt(deps, session, call, "k".repeat(32));
  const claims = [{ ...said, receipts: [id] }];
  await submitReport(deps, session, { task: null, text: "Visits.", run: null, receiptId: null, claims });
}

test("S07 who settles a figure waits for its task before it holds the figure, as who hands the task in does", async ({
  skip,
}) => {
  const { server, database } = used.orSkip(skip);
  const clock = systemClock;
  const newId = makeNewId(clock.now);
  const db = connectPostgres({ url: database.controlUrl, clock, log: silentLogger });
  try {
    const companyId = await db.findOrCreateCompany({ id: newId(), slug: newId(), name: "Acme" });
    const deps: CompanyDeps = { db, companyId, clock, newId, deliver: () => Promise.resolve(), rehearsal: true };
    await registerFleet(deps, await loadPack(packFile));
    await states(deps, "cmo", "1204");
    await states(deps, "cto", "1300");
    const { id, task, sides } = (await listContradictions(deps))[0]!;
    const settle = { holds: sides[0]!.id, sides: sides.map((side) => side.id), reason: "The shop counts robots." };
    const waiting = async () => (await server.sql(database.name, "select pid from pg_locks where not granted limit 1")).trim();
    const [locked, looked] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const handingIn = transact(deps, async (unit) => {
      await sql`select id from tasks where id = ${task} for no key update`.execute(unit.queries);
      locked.resolve();
      await looked.promise;
    });
    await locked.promise;
    const settling = settleContradiction(deps, { id, by: "@ada", settle });
    const pid = await waitFor(waiting, (found) => found !== "", 20_000).catch(() => "0");
    const locks = `select count(*) from pg_locks where pid = ${pid} and granted and locktype = 'advisory'`;
    const held = (await server.sql(database.name, locks)).trim();
    looked.resolve();
    await handingIn;
    expect(pid).not.toBe("0");
    expect(held).toBe("0");
    expect(await settling).toMatchObject({ tasks: [task] });
  } finally {
    await db.close();
  }
});
