import { makeNewId, newToken, sha256, silentLogger, systemClock } from "@aito/base";
import {
  type AgentSession,
  beginIncarnation,
  type CompanyDeps,
  createTask,
  finishTask,
  recordReceipt,
  hello,
  listEvents,
  loadPack,
  registerFleet,
  transact,
  type Unit,
} from "@aito/company";
import { connectPostgres } from "@aito/db";
import { sql } from "kysely";
import { expect, test } from "vitest";
import { usePostgres } from "../src/index.ts";

const used = usePostgres();

const packFile = new URL("../../../profiles/aito/fleet.yaml", import.meta.url).pathname;

/** The pack's company, registered, with nobody running it. */
async function openOn(url: string): Promise<{ deps: CompanyDeps; close(): Promise<void> }> {
  const clock = systemClock;
  const newId = makeNewId(clock.now);
  const db = connectPostgres({ url, clock, log: silentLogger });
  const companyId = await db.findOrCreateCompany({ id: newId(), slug: newId(), name: "Acme" });
  const deps: CompanyDeps = { db, companyId, clock, newId, deliver: () => Promise.resolve(), rehearsal: true };
  await registerFleet(deps, await loadPack(packFile));
  return { deps, close: () => db.close() };
}

const lockAgent = async (unit: Unit, name: string): Promise<void> => {
  await sql`select id from agents where name = ${name} for no key update`.execute(unit.queries);
};

test("a backend that is ended between two statements of a transaction fails that use case and not the process", async ({
  skip,
}) => {
  const { server, database } = used.orSkip(skip);
  const db = connectPostgres({ url: database.controlUrl, clock: systemClock, log: silentLogger, connectionsMax: 2 });
  try {
    const companyId = await db.findOrCreateCompany({ id: "01a1fc50-ed0d-7108-b504-c5631d3ea943", slug: "acme", name: "Acme" });
    const cut = db.transaction({ companyId }, async (tx) => {
      const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx.queries);
      await server.sql(database.name, `select pg_terminate_backend(${rows[0]!.pid})`);
      await systemClock.sleep(200);
      await sql`select 1`.execute(tx.queries);
    });
    await expect(cut).rejects.toMatchObject({ code: "AITO_DB_UNAVAILABLE", fate: "retry" });
    expect(await db.findCompany("acme")).toMatchObject({ id: companyId });
  } finally {
    await db.close();
  }
});

test("two use cases that lock the same rows in opposite order both succeed, and each says what it did once", async ({ skip }) => {
  const { database } = used.orSkip(skip);
  const { deps, close } = await openOn(database.controlUrl);
  try {
    const both = new Map([
      ["ceo", Promise.withResolvers<void>()],
      ["dao", Promise.withResolvers<void>()],
    ]);
    const lockBoth = (first: string, second: string): Promise<void> =>
      transact(deps, async (unit) => {
        await lockAgent(unit, first);
        both.get(first)!.resolve();
        await Promise.all([...both.values()].map(({ promise }) => promise));
        await unit.event({ type: "test.locked", source: "system", payload: { first } });
        await lockAgent(unit, second);
      });
    await Promise.all([lockBoth("ceo", "dao"), lockBoth("dao", "ceo")]);
    const events = await listEvents(deps, { types: ["test.locked"] });
    expect(events.map((event) => String(event.payload["first"])).toSorted()).toEqual(["ceo", "dao"]);
  } finally {
    await close();
  }
});

test("a task that its worker and its assignee end at the same moment ends once, and neither is told of a deadlock", async ({
  skip,
}) => {
  const { database } = used.orSkip(skip);
  const { deps, close } = await openOn(database.controlUrl);
  const enter = async (agent: string): Promise<AgentSession> => {
    const tokenHash = sha256(newToken("run"));
    const { epoch } = await beginIncarnation(deps, { agent, tokenHash });
    return await hello(deps, { tokenHash, epoch, sessionHash: sha256(newToken("ses")), redisPasswordHash: sha256("x") });
  };
  try {
    const cmo = await enter("cmo");
    for (let round = 0; round < 8; round += 1) {
      const task = await createTask(deps, cmo, { title: `Race ${round}`, workerType: "content-writer" });
      const worker = await enter(task.workerAgent!);
      const receipt = { tool: "save_work", argumentsDigest: "d", ok: true, effect: true, result: {}, durationMs: 1, run: null };
      await recordReceipt(deps, worker, receipt, "k".repeat(32));
      const end = (session: AgentSession, status: "done" | "failed") =>
        finishTask(deps, session, { id: task.id, status, result: { summary: session.agent, text: null, receipts: [] } });
      const ends = await Promise.allSettled([end(worker, "done"), end(cmo, "failed")]);
      const refused = ends.filter((each) => each.status === "rejected");
      expect(refused.map((each) => (each.reason as { code: string }).code)).toEqual(["AITO_TASK_CLOSED"]);
    }
    expect(await listEvents(deps, { types: ["task.done", "task.failed"], limit: 100 })).toHaveLength(8);
  } finally {
    await close();
  }
});
