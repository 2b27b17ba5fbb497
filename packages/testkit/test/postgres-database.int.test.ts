import { silentLogger, systemClock } from "@aito/base";
import { connectPostgres, migratePostgres } from "@aito/db";
import { databaseConformance, type DatabaseUnderTest } from "@aito/db/conformance";
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
      connectPostgres({ url: database.url, clock: systemClock, log: silentLogger, statementMsMax });
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
