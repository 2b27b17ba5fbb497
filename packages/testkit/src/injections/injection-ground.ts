import { createServer, type Server } from "node:http";
import { mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeNewId, silentLogger, systemClock } from "@aito/base";
import { deliverOver, memoryBus } from "@aito/bus";
import { addPermission, type CompanyDeps, loadPack, registerFleet } from "@aito/company";
import { openTestDatabase } from "@aito/db/testing";
import { startGateway } from "@aito/gateway";
import { migrationsFolder } from "../start-postgres.ts";
import { type GitWorld, gitWorld } from "./git-world.ts";
import { type OutsideWorld, outsideWorld } from "./outside-world.ts";
import { playAgent, type PlayedAgent } from "../played-agent.ts";

const pack = new URL("../../../../profiles/aito/fleet.yaml", import.meta.url).pathname;
const unlimited = { capacity: 1e9, perSecond: 1e9 };
const plenty = 1_000;

/** What nobody may ever see outside the gateway. */
export const canaries = {
  apiKey: `sk-canary-${"q7".repeat(16)}`,
  linkKey: `link-canary-${"w3".repeat(16)}`,
  receiptKey: `receipt-canary-${"e5".repeat(16)}`,
  githubToken: `github-canary-${"r7".repeat(16)}`,
};

export interface InjectionGround {
  deps: CompanyDeps;
  world: OutsideWorld;
  git: GitWorld;
  /** What was sent to the model's vendor. */
  upstream: string[];
  enter(agent: string): Promise<PlayedAgent>;
  rows(table: string): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

/**
 * A company on the embedded database and the memory bus behind a real gateway on its socket. Its limits of rate are out of the way, and
 * as much as a fleet file can give is given: three agents read from outside and hold every way out, one of them autonomous, one with a
 * standing permission; the CFO pays and reads nothing from outside. Each of the readers has a git repository of its own.
 */
export async function injectionGround(slug: string): Promise<InjectionGround> {
  const folder = await mkdtemp(join(tmpdir(), "aito-injections-"));
  const clock = systemClock;
  const db = await openTestDatabase({ clock, migrations: migrationsFolder });
  const memory = memoryBus({ clock });
  const bus = { ...memory, takeToken: () => Promise.resolve({ ok: true as const, taken: 1 }) };
  const newId = makeNewId(clock.now);
  const companyId = await db.findOrCreateCompany({ id: newId(), slug, name: slug });
  const deps: CompanyDeps = { db, companyId, clock, newId, deliver: deliverOver(memory), rehearsal: true };
  await registerFleet(deps, await fleetOf());
  await addPermission(
    deps,
    { name: "mails", tool: "send_mail", role: "cto", constraints: [], times: 100_000, usd: 0, per: "day", until: null },
    "operator",
  );
  const world = outsideWorld();
  const upstream: string[] = [];
  const vendor = await vendorAt(upstream);
  const git = await gitWorld(folder, canaries.githubToken);
  const socketPath = join(folder, "link", "gateway.sock");
  const gateway = await startGateway({
    deps,
    bus,
    log: silentLogger,
    clock,
    socketPath,
    upstream: { name: "anthropic", baseUrl: vendor.url, apiKey: canaries.apiKey },
    publicUrl: "http://127.0.0.1:7700",
    linkKey: canaries.linkKey,
    receiptKey: canaries.receiptKey,
    toolRate: unlimited,
    refusedMs: 0,
    moreTools: world.tools,
    github: { baseUrl: git.baseUrl, token: () => canaries.githubToken, throttled: false },
  });
  const links: { close(): Promise<void> }[] = [];
  return {
    deps,
    world,
    git,
    upstream,
    enter: async (agent) => {
      const { played, link } = await playAgent(deps, { socketPath, agent });
      links.push(link);
      return played;
    },
    rows: (table) =>
      db.transaction({ companyId }, (tx) => tx.queries.selectFrom(table).selectAll().execute()) as Promise<
        Record<string, unknown>[]
      >,
    close: async () => {
      for (const link of links) await link.close();
      await gateway.close();
      await git.close();
      await new Promise((done) => vendor.server.close(done).closeAllConnections());
      await memory.close();
      await db.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function fleetOf(): Promise<Awaited<ReturnType<typeof loadPack>>> {
  const fleet = await loadPack(pack);
  const { file } = fleet;
  const wayOut = ["public", "internal", "web"];
  for (const role of ["cmo", "coo", "cto"]) file.roles[role] = { ...file.roles[role]!, tools: wayOut };
  file.roles["cmo"] = { ...file.roles["cmo"]!, autonomy: "autonomous", releases: ["publish_text"] };
  file.roles["cco"] = { ...file.roles["cco"]!, autonomy: "autonomous", releases: ["publish_text"] };
  file.roles["cfo"] = { ...file.roles["cfo"]!, tools: ["public", "internal", "payment"] };
  file.approvals = { hours: 24, waitingMax: plenty };
  file.messages = { ...file.messages, perMinute: 10_000, hopsMax: plenty, turnsMax: plenty };
  file.spawning = { ...file.spawning, tasksPerHour: 100_000 };
  return fleet;
}

/** The vendor's address: writes down what arrives and answers nothing of use. */
async function vendorAt(seen: string[]): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      seen.push(text);
      response.writeHead(400, { "content-type": "application/json" }).end("{}");
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}
