import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { silentLogger, systemClock } from "@aito/base";
import { expect, test } from "vitest";
import { databaseConformance } from "../src/conformance.ts";
import { migratePglite, openPglite } from "../src/index.ts";
import { openTestDatabase } from "../src/testing.ts";

const migrations = path.resolve(import.meta.dirname, "../../../migrations");

databaseConformance(
  "pglite",
  async () => {
    const database = await openTestDatabase({ clock: systemClock, migrations });
    return { database, close: () => database.close() };
  },
  { "ends a statement that runs too long": "PGlite runs in this process's thread, so that nothing can interrupt a statement" },
);

test("keeps a company in a folder, runs each migration once, and refuses a folder that it cannot use", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "aito-db-"));
  try {
    const first = await openPglite({ folder: path.join(folder, "db"), clock: systemClock });
    expect(await migratePglite({ database: first, folder: migrations, log: silentLogger })).toContain("0001_company");
    const id = await first.findOrCreateCompany({ id: "01a1fc50-ed0d-7108-b504-c5631d3ea942", slug: "acme", name: "Acme" });
    await first.close();
    const second = await openPglite({ folder: path.join(folder, "db"), clock: systemClock });
    expect(await migratePglite({ database: second, folder: migrations, log: silentLogger })).toEqual([]);
    expect(await second.findCompany("acme")).toEqual({ id, name: "Acme" });
    await second.close();
    await expect(openPglite({ folder: "/proc/no/such/place", clock: systemClock })).rejects.toMatchObject({
      code: "AITO_DB_UNAVAILABLE",
      fate: "human",
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
