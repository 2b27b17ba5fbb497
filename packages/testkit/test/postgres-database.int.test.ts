import { silentLogger, systemClock } from "@aito/base";
import { connectPostgres, migratePostgres } from "@aito/db";
import { databaseConformance, type DatabaseUnderTest } from "@aito/db/conformance";
import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { migrationsFolder, startPostgres, usePostgres, waitFor } from "../src/index.ts";

const used = usePostgres();

databaseConformance("postgres", async (): Promise<DatabaseUnderTest | { missing: string }> => {
  let missing = "";
  try {
    const { database } = used.orSkip((reason) => {
      missing = reason;
      throw new Error(reason);
    });
    const open = (statementMsMax?: number) =>
      connectPostgres({ url: database.controlUrl, clock: systemClock, log: silentLogger, statementMsMax });
    const [calm, hurried] = [open(), open(200)];
    return {
      database: calm,
      hurried,
      close: async () => {
        await calm.close();
        await hurried.close();
      },
    };
  } catch (error) {
    if (missing) return { missing };
    throw error;
  }
});

describe("migrations", () => {
  test("run once, also when two start at the same time", async ({ skip }) => {
    const { server } = used.orSkip(skip);
    const empty = await server.emptyDatabase();
    try {
      const start = () => migratePostgres({ url: empty.url, folder: migrationsFolder, log: silentLogger });
      const both = await Promise.all([start(), start()]);
      expect(both.filter((names) => names.length > 0)).toHaveLength(1);
      expect(await start()).toEqual([]);
    } finally {
      await empty.drop();
    }
  });

  test("refuse a database that is not UTF-8 and say how to make one", async ({ skip }) => {
    const { server } = used.orSkip(skip);
    const latin = await server.emptyDatabase({ encoding: "LATIN1" });
    try {
      const run = migratePostgres({ url: latin.url, folder: migrationsFolder, log: silentLogger });
      await expect(run).rejects.toMatchObject({ code: "AITO_DB_ENCODING", fate: "human", hint: expect.stringContaining("UTF8") });
    } finally {
      await latin.drop();
    }
  });
});

test("a Postgres that is killed is an error to try again, never the end of the process, and works again when it is back", async ({
  skip,
}) => {
  used.orSkip(skip);
  const server = await startPostgres({ shared: false });
  const own = await server.database();
  const database = connectPostgres({ url: own.url, clock: systemClock, log: silentLogger, connectionsMax: 3 });
  try {
    const id = await database.findOrCreateCompany({ id: "01a1fc50-ed0d-7108-b504-c5631d3ea942", slug: "acme", name: "Acme" });
    await server.kill();
    await expect(database.ping()).rejects.toMatchObject({ code: "AITO_DB_UNAVAILABLE", fate: "retry" });
    await expect(database.findCompany("acme")).rejects.toMatchObject({ code: "AITO_DB_UNAVAILABLE" });
    await server.startAgain();
    await waitFor(
      () =>
        database.ping().then(
          () => true,
          () => false,
        ),
      Boolean,
      10_000,
    );
    expect(await database.findCompany("acme")).toEqual({ id, name: "Acme" });
  } finally {
    await database.close();
    await server.stop();
  }
});

test("F09 a Postgres that is frozen and says nothing ends each statement in time, and the pool works again when it thaws", async ({
  skip,
}) => {
  used.orSkip(skip);
  const server = await startPostgres({ shared: false });
  const own = await server.database();
  const statementMsMax = 500;
  const settings = { url: own.url, clock: systemClock, log: silentLogger, connectionsMax: 3, statementMsMax };
  const database = connectPostgres(settings);
  const countAgents = (companyId: string): Promise<unknown> =>
    database.transaction({ companyId }, (tx) => sql`select count(*) from agents`.execute(tx.queries));
  try {
    const id = await database.findOrCreateCompany({ id: "01a1fc50-ed0d-7108-b504-c5631d3ea944", slug: "acme", name: "Acme" });
    const midway = Promise.withResolvers<void>();
    const frozen = Promise.withResolvers<void>();
    const cut = database.transaction({ companyId: id }, async (tx) => {
      await sql`update companies set name = 'Cut' where id = ${id}`.execute(tx.queries).catch(() => undefined);
      midway.resolve();
      await frozen.promise;
      await sql`select 1`.execute(tx.queries);
    });
    cut.catch(() => undefined);
    await midway.promise;
    await server.pause();
    frozen.resolve();
    const startedMs = performance.now();
    // More than the pool has connections: some wait for one, and those end, too.
    const all = await Promise.allSettled([cut, ...Array.from({ length: 6 }, () => countAgents(id))]);
    expect(performance.now() - startedMs).toBeLessThan(15_000);
    expect(all.map((each) => each.status)).toEqual(all.map(() => "rejected"));
    for (const each of all as PromiseRejectedResult[]) {
      expect(each.reason).toMatchObject({
        code: expect.stringMatching(/^AITO_DB_(TIMEOUT|UNAVAILABLE)$/),
        fate: "retry",
        status: 503,
      });
    }
    expect((all[0] as PromiseRejectedResult).reason).toMatchObject({ code: "AITO_DB_TIMEOUT" });
    await server.unpause();
    await waitFor(
      () =>
        countAgents(id).then(
          () => true,
          () => false,
        ),
      Boolean,
      10_000,
    );
    await Promise.all(Array.from({ length: 6 }, () => countAgents(id)));
    // What was cut off was not half stored, and its connection is gone from the server.
    expect(await database.findCompany("acme")).toEqual({ id, name: "Acme" });
    await waitFor(
      async () => Number(await server.sql("postgres", `select count(*) from pg_stat_activity where datname = '${own.name}'`)),
      (backends) => backends <= 3,
      12_000,
    );
  } finally {
    await database.close();
    await server.stop();
  }
});
