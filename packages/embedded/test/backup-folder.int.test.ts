import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { newToken, silentLogger, systemClock } from "@aito/base";
import { loadRows, migratePglite, openPglite } from "@aito/db";
import { ChainReport, EventView, FleetStatus, operatorApi, pageOf, type SwitchView, TaskView } from "@aito/protocol";
import { afterAll, expect, test } from "vitest";
import { backupFolder, checkSealed, type Embedded, restoreFolder, sealed, sealedLines, startEmbedded } from "../src/index.ts";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const fleetPath = join(root, "profiles/aito/fleet.yaml");
const migrations = join(root, "migrations");
const soon = { timeout: 40_000, interval: 200 };
const clock = systemClock;
const place = mkdtempSync(join(tmpdir(), "aito-backup-"));
const file = join(place, "company.aito-backup");
const first = join(place, "first");

let running: Embedded | null = null;
const start = async (folder: string): Promise<Embedded> =>
  (running = await startEmbedded({ folder, fleetPath, port: 0, apiKey: null, log: silentLogger, clock }));
const stop = async (): Promise<void> => {
  await running?.close();
  running = null;
};

async function ask(path: string, body?: unknown, headers?: Record<string, string>): Promise<unknown> {
  const response = await fetch(`${running!.consoleUrl}${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: headers ?? { authorization: `Bearer ${running!.operatorKey}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return await response.json();
}
const status = async (): Promise<FleetStatus> => FleetStatus.parse(await ask(operatorApi.status));
const chain = async (): Promise<ChainReport> => ChainReport.parse(await ask(operatorApi.eventsVerify));
const active = async (): Promise<number> =>
  (await status()).agents.filter((agent) => agent.kind === "agent" && agent.status === "active").length;

let keys = { link: "", receipt: "" };
let before: { chain: ChainReport; done: string[]; cookie: string; link: string };

// The tests after this one use its backup.
test("a company that runs is not read; one that is down, with an agent held by a kill switch, becomes a backup", async () => {
  await start(first);
  await expect.poll(active, soon).toBe(7);
  const finished = async (): Promise<string[]> =>
    pageOf(TaskView)
      .parse(await ask(operatorApi.tasks))
      .items.filter((task) => task.status === "done")
      .map((task) => task.id)
      .toSorted();
  await expect.poll(async () => (await finished()).length, soon).toBeGreaterThan(0);
  await ask(operatorApi.switches, { scope: "agent", target: "cfo", reason: "held over the move" });
  const link = await running!.newLoginLink();
  const signedIn = await fetch(await running!.newLoginLink(), { method: "POST", redirect: "manual" });
  const cookie = signedIn.headers.getSetCookie()[0]!.split(";")[0]!;
  expect((await fetch(`${running!.consoleUrl}${operatorApi.session}`, { headers: { cookie } })).status).toBe(200);
  await expect(collect(backupFolder(first, "aito", clock).lines)).rejects.toMatchObject({ code: "AITO_EMBEDDED_LOCKED" });
  before = { chain: await chain(), done: await finished(), cookie, link };
  await stop();
  const backup = backupFolder(first, "aito", clock);
  keys = backup.keys;
  writeFileSync(file, (await collect(sealed(backup.lines, keys.receipt))).join(""));
}, 240_000);
afterAll(async () => {
  await stop();
  rmSync(place, { recursive: true, force: true });
});

async function collect(lines: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const line of lines) all.push(line);
  return all;
}
const restore = (folder: string, from = file, company = "aito") =>
  restoreFolder({ folder, company, lines: sealedLines(from), keys, migrations, clock, log: silentLogger });

test("a backup that was cut, changed, mixed up or made by another version is refused, and nothing is written", async () => {
  const text = readFileSync(file, "utf8");
  const variant = (name: string, change: string): string => {
    writeFileSync(join(place, name), change);
    return join(place, name);
  };
  const refuse = (path: string, code: string, key = keys.receipt) =>
    expect(checkSealed(path, key), path).rejects.toMatchObject({ code, fate: "human" });
  for (const share of [0.1, 0.5, 0.9, 0.999]) {
    await refuse(variant("cut", text.slice(0, Math.floor(text.length * share))), "AITO_BACKUP_CUT");
  }
  for (const at of [0.2, 0.5, 0.8]) {
    const index = Math.floor(text.length * at);
    const other = text[index] === "a" ? "b" : "a";
    await refuse(variant("changed", `${text.slice(0, index)}${other}${text.slice(index + 1)}`), "AITO_BACKUP_CHANGED");
  }
  const lines = text.split("\n");
  await refuse(variant("dropped", lines.filter((_, index) => index !== 40).join("\n")), "AITO_BACKUP_CHANGED");
  await refuse(file, "AITO_BACKUP_CHANGED", newToken("rcpt"));
  await refuse(variant("format", text.replace('"v":1', '"v":2')), "AITO_BACKUP_INVALID");
  for (const junk of ["", "\n", "{}\n", "hello", "\0".repeat(200_000)])
    await refuse(variant("junk", junk), "AITO_BACKUP_INVALID");
  await refuse(join(place, "nowhere"), "AITO_BACKUP_INVALID");

  // Sealed rightly and yet of no use: by another version, of another company, with a table that there is not.
  const resealed = async (change: (all: string[]) => string[]): Promise<string> => {
    async function* rows(): AsyncGenerator<string> {
      for (const line of change(lines.slice(0, -2))) yield await Promise.resolve(`${line}\n`);
    }
    return variant("resealed", (await collect(sealed(rows(), keys.receipt))).join(""));
  };
  const header = (change: (value: { migrations: string[] }) => object) => (all: string[]) => [
    JSON.stringify(change(JSON.parse(all[0]!) as { migrations: string[] })),
    ...all.slice(1),
  ];
  const cases: [(all: string[]) => string[], string, string][] = [
    [header((value) => ({ ...value, migrations: [...value.migrations, "9999_future"] })), "AITO_BACKUP_VERSION", "newer"],
    [header((value) => ({ ...value, migrations: value.migrations.slice(0, -1) })), "AITO_BACKUP_VERSION", "older"],
    [(all) => all.slice(1), "AITO_DB_IMPORT", "no header"],
    [(all) => all.slice(0, -1), "AITO_DB_IMPORT", "cut off"],
    [(all) => [...all.slice(0, -1), '{"table":"nothing","row":{"x":1}}', all.at(-1)!], "AITO_DB_IMPORT", "no table"],
    [(all) => [...all.slice(0, -1), "junk", all.at(-1)!], "AITO_DB_IMPORT", "no row"],
  ];
  const database = await openPglite({ folder: null, clock });
  await migratePglite({ database, folder: migrations, log: silentLogger });
  const runner = database.pglite;
  for (const [change, code, said] of cases) {
    const loading = loadRows(runner, sealedLines(await resealed(change)), () => Promise.resolve());
    await expect(loading, said).rejects.toMatchObject({ code, message: expect.stringContaining(said) });
  }
  expect(await runner.query("select 1 from companies")).toMatchObject({ rows: [] });
  await database.close();
  const folder = join(place, "refused");
  await expect(restore(folder, file, "globex")).rejects.toMatchObject({ code: "AITO_BACKUP_INVALID" });
  expect(readdirSync(folder)).toEqual([]);
}, 240_000);

test("the company lives on from its backup: same chain, higher epochs, nothing done twice, switches on, old access dead", async () => {
  const second = join(place, "second");
  const { at } = await checkSealed(file, keys.receipt);
  const rows = await restore(second);
  expect(rows).toMatchObject({ companies: 1, kill_switches: 1 });
  expect(statSync(join(second, "keys/receipt")).mode & 0o777).toBe(0o600);
  await expect(restore(second)).rejects.toMatchObject({ code: "AITO_RESTORE_NOT_EMPTY" });
  await start(second);
  await expect.poll(active, soon).toBe(6);
  const seen = await status();
  expect(seen.agents.find((agent) => agent.name === "cfo")).toMatchObject({
    status: "inactive",
    statusReason: expect.stringContaining("held over the move"),
  });
  expect(seen.agents.filter((agent) => agent.status === "active").every((agent) => agent.epoch > 100_000)).toBe(true);
  const old = { cookie: before.cookie };
  expect((await fetch(`${running!.consoleUrl}${operatorApi.session}`, { headers: old })).status).toBe(401);
  const link = new URL(new URL(before.link).pathname, running!.consoleUrl);
  expect((await fetch(link, { method: "POST", redirect: "manual" })).status).toBe(410);

  const events = pageOf(EventView).parse(await ask(`${operatorApi.events}?types=company.restored`)).items;
  expect(events).toMatchObject([{ source: "operator", payload: { backupAt: at } }]);
  await expect.poll(async () => (await chain()).count, soon).toBeGreaterThan(before.chain.count);
  expect(await chain()).toMatchObject({ ok: true, problem: null });
  // The history of before is the beginning of this one, row by row.
  const sealedAt = pageOf(EventView).parse(await ask(`${operatorApi.events}?limit=200`)).items;
  expect(sealedAt.some((event) => event.hash === before.chain.head) || (await chain()).count > 200).toBe(true);

  const tasks = pageOf(TaskView).parse(await ask(`${operatorApi.tasks}?limit=200`)).items;
  expect(tasks.filter((task) => task.status === "done").map((task) => task.id)).toEqual(expect.arrayContaining(before.done));
  const kickoffs = pageOf(EventView).parse(await ask(`${operatorApi.events}?types=fleet.kickoff`)).items;
  expect(kickoffs).toHaveLength(1);
  const { items } = (await ask(operatorApi.switches)) as { items: SwitchView[] };
  await ask(`${operatorApi.switches}/${items[0]!.id}/resume`, { reason: "moved", confirm: items[0]!.label });
  await expect.poll(active, soon).toBe(7);
  expect(existsSync(join(second, "db.restoring"))).toBe(false);
  await stop();
}, 240_000);
