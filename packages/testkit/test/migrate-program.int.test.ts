import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { checkPostgres } from "@aito/db";
import { expect, test } from "vitest";
import { migrationsFolder, startPostgres, usePostgres } from "../src/index.ts";

const used = usePostgres();
const program = path.resolve(import.meta.dirname, "../../db/src/migrate-main.ts");

interface Ended {
  code: number | null;
  out: string;
  log: string;
}

function migrate(environment: Record<string, string>): Promise<Ended> {
  const child = spawn(process.execPath, [program], {
    env: { PATH: process.env["PATH"], AITO_MIGRATIONS: migrationsFolder, ...environment },
  });
  let [out, log] = ["", ""];
  child.stdout.on("data", (data: Buffer) => (out += data.toString()));
  child.stderr.on("data", (data: Buffer) => (log += data.toString()));
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, out, log })));
}

test("D01 migrates an empty database, says what ran, and does nothing the second time", async ({ skip }) => {
  const { server } = used.orSkip(skip);
  const empty = await server.emptyDatabase();
  const folder = mkdtempSync(path.join(tmpdir(), "aito-migrate-"));
  try {
    writeFileSync(path.join(folder, "url"), `${empty.url}\n`);
    const first = await migrate({ POSTGRES_URL_FILE: path.join(folder, "url") });
    expect(first).toMatchObject({ code: 0, out: expect.stringContaining("Migrated 0001_company\n") });
    expect(await migrate({ POSTGRES_URL: empty.url })).toMatchObject({ code: 0, out: "The database is up to date.\n" });
    // An older program, which has one migration less, touches nothing.
    const older = path.join(folder, "older");
    cpSync(migrationsFolder, older, { recursive: true });
    const newest = readdirSync(older)
      .filter((file) => /^\d/.test(file))
      .toSorted()
      .at(-1)!;
    rmSync(path.join(older, newest));
    const refused = await migrate({ POSTGRES_URL: empty.url, AITO_MIGRATIONS: older });
    expect(refused).toMatchObject({
      code: 78,
      log: expect.stringContaining(`newer version: it has ${newest.replace(".sql", "")}`),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await empty.drop();
  }
});

test("Y15 makes the programs' login over a database that an earlier version made, and refuses to give one that was made mighty", async ({
  skip,
}) => {
  // Of its own: roles are of the whole server.
  used.orSkip(skip);
  const own = await startPostgres({ shared: false });
  try {
    const old = await own.emptyDatabase();
    expect(await migrate({ POSTGRES_URL: old.url })).toMatchObject({ code: 0 });
    await expect(checkPostgres(old.controlUrl)).rejects.toMatchObject({ code: "AITO_DB_UNAVAILABLE" });
    const password = "for-tests-only";
    const settings = { POSTGRES_URL: old.url, AITO_CONTROL_PASSWORD: password };
    expect(await migrate(settings)).toMatchObject({ code: 0, out: "The database is up to date.\n" });
    expect(await checkPostgres(old.controlUrl)).toMatchObject({ encoding: "UTF8" });
    // Another password from the next time on.
    expect(await migrate({ ...settings, AITO_CONTROL_PASSWORD: "ünother" })).toMatchObject({ code: 0 });
    await expect(checkPostgres(old.controlUrl)).rejects.toMatchObject({ code: "AITO_DB_UNAVAILABLE" });
    expect(await checkPostgres(old.controlUrl.replace(password, encodeURIComponent("ünother")))).toMatchObject({
      encoding: "UTF8",
    });
    await own.sql(old.name, "alter role aito_control bypassrls");
    const refused = await migrate(settings);
    expect(refused).toMatchObject({
      code: 78,
      log: expect.stringContaining("aito_control may do more than read and write rows"),
    });
    expect(refused.log).not.toContain(password);
  } finally {
    await own.stop();
  }
});

test("waits for Postgres, and then tells in one sentence what is wrong and which setting to change", async () => {
  const away = await migrate({ POSTGRES_URL: "postgres://aito:hunter22@127.0.0.1:1/aito", AITO_WAIT_SECONDS: "1" });
  expect(away.code).toBe(78);
  expect(away.log).toContain("waiting for Postgres");
  expect(away.log).toMatch(/start failed: cannot connect to Postgres: .*ECONNREFUSED.*POSTGRES_URL/);
  expect(away.log).not.toContain("hunter22");
  expect(away.log).not.toContain(".ts:");
  const unset = await migrate({});
  expect(unset).toMatchObject({ code: 78, log: expect.stringContaining("POSTGRES_URL") });
});

test("does not wait when the password is wrong", async ({ skip }) => {
  const { database } = used.orSkip(skip);
  const wrong = await migrate({ POSTGRES_URL: database.url.replace(/:[^:@]+@/, ":hunter22@") });
  expect(wrong.code).toBe(78);
  expect(wrong.log).toContain("password authentication failed");
  expect(wrong.log).not.toContain("hunter22");
});
