import { silentLogger, systemClock } from "@aito/base";
import { connectPostgres } from "@aito/db";
import { sql } from "kysely";
import { expect, test } from "vitest";
import { usePostgres } from "../src/index.ts";

const used = usePostgres();

test("a backend that is ended between two statements of a transaction fails that use case and not the process", async ({ skip }) => {
  const { server, database } = used.orSkip(skip);
  const db = connectPostgres({ url: database.url, clock: systemClock, log: silentLogger, connectionsMax: 2 });
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
