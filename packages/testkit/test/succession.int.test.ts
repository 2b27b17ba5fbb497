import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { makeNewId, silentLogger, systemClock } from "@aito/base";
import { deliverOver, memoryBus } from "@aito/bus";
import { agentsToRun, type CompanyDeps, fleetStatus, listEvents, loadPack, registerFleet } from "@aito/company";
import { openTestDatabase } from "@aito/db/testing";
import { inlineEngine } from "@aito/engine";
import { startGateway } from "@aito/gateway";
import { planSettings, startOrchestrator } from "@aito/orchestrator";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { migrationsFolder } from "../src/start-postgres.ts";
import { waitFor } from "../src/wait-for.ts";
import { writePack } from "../src/write-pack.ts";

const agentProgram = fileURLToPath(new URL("../../agent/src/main.ts", import.meta.url));
const folder = mkdtempSync(path.join(tmpdir(), "aito-lead-"));
const withinMs = 40_000;
let deps: CompanyDeps;
const closers: (() => Promise<unknown>)[] = [];
/** The processes of the agents that run, by name, and whether an agent may be started. */
const processes = new Map<string, ChildProcess>();
const barred = new Set<string>();
/** The socket that the CEO alone uses: it can be cut. */
const cut = { now: false, open: new Set<net.Socket>() };

/** An agent's container is its program in a process of its own. */
async function runProcess(spec: { agent: string }, line: string, signal: AbortSignal): Promise<number> {
  if (barred.has(spec.agent)) return 1;
  const socket = path.join(folder, spec.agent === "ceo" ? "ceo.sock" : "gateway.sock");
  const child = spawn(process.execPath, [agentProgram], {
    stdio: ["pipe", "ignore", "ignore"],
    env: {
      PATH: process.env["PATH"],
      AITO_SOCKET: socket,
      AITO_REDIS_SOCKET: path.join(folder, "none.sock"),
      AGENT_PROFILE: path.join(folder, `${spec.agent}.md`),
    },
  });
  processes.set(spec.agent, child);
  signal.addEventListener("abort", () => child.kill("SIGKILL"), { once: true });
  child.stdin.end(`${line}\n`);
  const [code] = (await once(child, "exit")) as [number | null];
  return code ?? 137;
}

function cuttable(listen: string, upstream: string): Promise<net.Server> {
  const server = net.createServer((client) => {
    const far = net.connect(upstream);
    for (const socket of [client, far]) {
      cut.open.add(socket);
      socket.on("error", () => socket.destroy()).on("close", () => cut.open.delete(socket));
    }
    if (cut.now) return far.destroy();
    client.pipe(far);
    far.pipe(client);
    client.on("close", () => far.destroy());
    far.on("close", () => client.destroy());
    return undefined;
  });
  return new Promise((resolve) => server.listen(listen, () => resolve(server)));
}
const cutLink = (): void => {
  cut.now = true;
  for (const socket of cut.open) socket.unpipe().pause();
};

beforeAll(async () => {
  const clock = systemClock;
  const newId = makeNewId(clock.now);
  const bus = memoryBus({ clock });
  const db = await openTestDatabase({ clock, migrations: migrationsFolder });
  const pack = writePack(path.join(folder, "pack"), {
    slug: "lead",
    agents: 2,
    extra: "succession: { graceSeconds: 2, returnSeconds: 1 }",
  });
  const fleet = await loadPack(pack);
  const companyId = await db.findOrCreateCompany({ id: newId(), slug: "lead", name: "lead" });
  deps = { db, companyId, clock, newId, deliver: deliverOver(bus), rehearsal: true };
  await registerFleet(deps, fleet);
  const common = { deps, bus, clock, log: silentLogger };
  const gateway = await startGateway({
    ...common,
    socketPath: path.join(folder, "gateway.sock"),
    upstream: { name: "rehearsal", baseUrl: "http://127.0.0.1:9", apiKey: null },
    publicUrl: "http://127.0.0.1:9",
    linkKey: "k".repeat(32),
    receiptKey: "r".repeat(32),
    heartbeatMs: 300,
  });
  const proxy = await cuttable(path.join(folder, "ceo.sock"), path.join(folder, "gateway.sock"));
  const engine = inlineEngine({ clock, log: silentLogger, run: runProcess });
  const settings = { ...planSettings, backoffBaseMs: 100, backoffMaxMs: 500, failuresMax: 1_000, headHeardWithinMs: 2_000 };
  const orchestrator = await startOrchestrator({
    ...common,
    engine,
    fleet,
    images: { agent: "agent", worker: "worker", claudeCode: "worker" },
    linkVolume: "link",
    tickMs: 200,
    settings,
  });
  closers.push(
    () => orchestrator.close(),
    () => engine.close(),
    () => gateway.close(),
    () => new Promise((resolve) => (cut.open.forEach((socket) => socket.destroy()), proxy.close(resolve))),
    () => bus.close(),
    () => db.close(),
  );
});
afterAll(async () => {
  for (const child of processes.values()) child.kill("SIGKILL");
  for (const close of closers) await close();
  rmSync(folder, { recursive: true, force: true });
});

const leadIs = (name: string, acting: boolean): Promise<unknown> =>
  waitFor(
    async () => (await fleetStatus(deps)).lead,
    (lead) => lead?.name === name && lead.acting === acting,
    withinMs,
  );
/** The terms one after the other: none begins before the one before has ended, and one is open. */
async function terms(): Promise<{ term: string; lead: string }[]> {
  const found = await deps.db.transaction({ companyId: deps.companyId }, (tx) =>
    sql<{ term: string; lead: string; began: Date; ended: Date | null }>`select t.term::text, a.name as lead, t.began_at as began,
      t.ended_at as ended from lead_terms t join agents a on a.id = t.agent_id order by t.term`.execute(tx.queries),
  );
  found.rows.forEach((row, at) => {
    const next = found.rows[at + 1];
    expect(row.ended === null).toBe(next === undefined);
    if (next) expect(next.began.getTime()).toBeGreaterThanOrEqual(row.ended!.getTime());
  });
  return found.rows.map(({ term, lead }) => ({ term, lead }));
}

test(
  "O18 Y12 killed, stopped or cut off: the DAO acts for the CEO, the CEO leads again, the DAO alone is missed by nobody, and no moment has two leads",
  { timeout: 240_000 },
  async () => {
    await leadIs("ceo", false);
    await waitFor(
      async () => (await fleetStatus(deps)).agents.filter((agent) => agent.status === "active").length,
      (count) => count === 2,
      withinMs,
    );

    // kill -9, and it does not come up again for a while.
    barred.add("ceo");
    process.kill(processes.get("ceo")!.pid!, "SIGKILL");
    await leadIs("dao", true);
    barred.clear();
    await leadIs("ceo", false);

    // Stopped: the process is there, and does nothing.
    const stopped = processes.get("ceo")!;
    process.kill(stopped.pid!, "SIGSTOP");
    await leadIs("dao", true);
    process.kill(stopped.pid!, "SIGCONT");
    await leadIs("ceo", false);

    // Cut off: the process works, and nobody hears it.
    cutLink();
    await leadIs("dao", true);
    cut.now = false;
    for (const socket of cut.open) socket.destroy();
    await leadIs("ceo", false);

    const all = ["ceo", "dao", "ceo", "dao", "ceo", "dao", "ceo"].map((lead, at) => ({ term: String(at + 1), lead }));
    expect(await terms()).toEqual(all);
    expect(await listEvents(deps, { types: ["lead.acting"], limit: 10 })).toHaveLength(3);

    // The DAO alone, for longer than the grace time: nothing about the lead changes.
    barred.add("dao");
    process.kill(processes.get("dao")!.pid!, "SIGKILL");
    const dao = async () => (await agentsToRun(deps)).find(({ name }) => name === "dao")!;
    // Each start that fails is followed by a longer rest, up to half a second: ten of them take more than three seconds.
    await waitFor(dao, ({ failures }) => failures >= 10, 2 * withinMs);
    expect(await terms()).toEqual(all);
    await leadIs("ceo", false);
    barred.clear();
    await waitFor(dao, ({ status }) => status === "active", withinMs);
    expect(await terms()).toEqual(all);

    // Both: a human is told, once.
    for (const name of ["ceo", "dao"]) barred.add(name);
    for (const name of ["ceo", "dao"]) process.kill(processes.get(name)!.pid!, "SIGKILL");
    await waitFor(
      async () => (await fleetStatus(deps)).alerts,
      (alerts) => alerts?.[0]?.kind === "heads_lost",
      withinMs,
    );
    barred.clear();
    await waitFor(
      async () => (await fleetStatus(deps)).alerts,
      (alerts) => alerts?.length === 0,
      withinMs,
    );
    await terms();
  },
);
