import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { migrationsFolder, usePostgres } from "../src/index.ts";

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
