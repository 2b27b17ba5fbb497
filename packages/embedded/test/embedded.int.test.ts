import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createLogger, newToken, systemClock } from "@aito/base";
import { ChainReport, FleetStatus, operatorApi } from "@aito/protocol";
import { afterEach, expect, test } from "vitest";
import { type Embedded, type EmbeddedOptions, startEmbedded } from "../src/index.ts";

const fleetPath = fileURLToPath(new URL("../../../profiles/aito/fleet.yaml", import.meta.url));
const soon = { timeout: 30_000, interval: 200 };
const late = { timeout: 100_000, interval: 200 };
const running: Embedded[] = [];
const folders: string[] = [];

afterEach(async () => {
  for (const company of running.splice(0)) await company.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "aito-embedded-"));
  folders.push(folder);
  return join(folder, ".aito");
};

async function start(folder: string, change: Partial<EmbeddedOptions> = {}): Promise<Embedded & { lines: string[] }> {
  const lines: string[] = [];
  const log = createLogger({ program: "test", level: "debug", write: (text) => void lines.push(text) });
  const company = await startEmbedded({ folder, fleetPath, port: 0, apiKey: null, log, clock: systemClock, ...change });
  running.push(company);
  return Object.assign(company, { lines });
}

async function ask(company: Embedded, path: string): Promise<unknown> {
  const response = await fetch(`${company.consoleUrl}${path}`, { headers: { authorization: `Bearer ${company.operatorKey}` } });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return await response.json();
}

const activeCount = async (company: Embedded): Promise<number> =>
  FleetStatus.parse(await ask(company, operatorApi.status)).agents.filter(
    (agent) => agent.kind === "agent" && agent.status === "active",
  ).length;

test("O11 seven agents become active, a second up in the folder is refused by name, and nothing is lost over a restart", async () => {
  const folder = newFolder();
  const first = await start(folder);
  await expect.poll(() => activeCount(first), soon).toBe(7);
  await expect(
    startEmbedded({ folder, fleetPath, port: 0, apiKey: null, log: createLogger({ program: "second" }), clock: systemClock }),
  ).rejects.toMatchObject({
    code: "AITO_EMBEDDED_LOCKED",
    fate: "human",
    message: expect.stringContaining(`process ${process.pid}`),
  });
  expect(await activeCount(first)).toBe(7);
  await expect.poll(async () => ChainReport.parse(await ask(first, operatorApi.eventsVerify)).count, soon).toBeGreaterThan(20);
  const before = ChainReport.parse(await ask(first, operatorApi.eventsVerify));
  await running.splice(0)[0]!.close();
  expect(readdirSync(folder)).not.toContain("lock.json");

  const second = await start(folder);
  await expect.poll(() => activeCount(second), soon).toBe(7);
  const after = ChainReport.parse(await ask(second, operatorApi.eventsVerify));
  expect(after).toMatchObject({ ok: true, problem: null });
  expect(after.count).toBeGreaterThanOrEqual(before.count);
  expect(second.operatorKey).toBe(first.operatorKey);
});

test("S15 keys are for their owner only and in no log line", async () => {
  const folder = newFolder();
  const company = await start(folder);
  await expect.poll(() => activeCount(company), soon).toBe(7);
  for (const file of ["keys/link", "keys/receipt", "operator-key"]) {
    expect(statSync(join(folder, file)).mode & 0o777, file).toBe(0o600);
    expect(company.lines.join(""), file).not.toContain(readFileSync(join(folder, file), "utf8").trim());
  }
  expect(company.lines.join("")).not.toMatch(/aito_run_[A-Za-z0-9_-]{16}/);
});

test("what a person must put right is refused before anything starts, in one sentence", async () => {
  const busy = createServer().listen(0, "127.0.0.1");
  await once(busy, "listening");
  const { port } = busy.address() as { port: number };
  const folder = newFolder();
  await expect(start(folder, { port })).rejects.toMatchObject({ code: "AITO_PORT_IN_USE", fate: "human" });
  busy.close();
  expect(readdirSync(folder)).toEqual([]);
  await expect(start("/proc/aito")).rejects.toMatchObject({ code: "AITO_EMBEDDED_FOLDER", fate: "human" });
  await expect(start(newFolder(), { fleetPath: "/nowhere/fleet.yaml" })).rejects.toMatchObject({ fate: "human" });
});

test("a wrong operator key and no key get nothing", async () => {
  const company = await start(newFolder());
  for (const headers of [{}, { authorization: `Bearer ${newToken("op")}` }]) {
    expect((await fetch(`${company.consoleUrl}${operatorApi.status}`, { headers })).status).toBe(401);
  }
});

test("a folder so deep that a socket's path does not fit works all the same", async () => {
  const deep = join(newFolder(), "a".repeat(60), "b".repeat(60));
  mkdirSync(deep, { recursive: true });
  const company = await start(deep);
  await expect.poll(() => activeCount(company), soon).toBe(7);
});

test("Y03 agents renew their sessions in time, and none of them is lost or started anew by it", async () => {
  // A session that is due is renewed within half its life, also where everything in this one process takes several seconds.
  const company = await start(newFolder(), { sessionLife: { lifeMs: 16_000, overlapMs: 4_000 } });
  await expect.poll(() => activeCount(company), late).toBe(7);
  const renewals = (): number => company.lines.filter((line) => line.includes('"session renewed"')).length;
  // Three renewals of each of the seven are half as long again as a session stands.
  await expect.poll(renewals, late).toBeGreaterThanOrEqual(21);
  const { agents } = FleetStatus.parse(await ask(company, operatorApi.status));
  expect(agents.filter((agent) => agent.kind === "agent").map((agent) => [agent.status, agent.epoch])).toEqual(
    Array.from({ length: 7 }, () => ["active", 1]),
  );
});
