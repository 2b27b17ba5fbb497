import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runAgent } from "@aito/agent";
import { type Clock, followingClock, Lifecycle, type Logger, makeNewId, newToken, silentLogger } from "@aito/base";
import { connectBell, connectRedisBus, deliverOver } from "@aito/bus";
import { type CompanyDeps, listAgents, loadPack, registerFleet } from "@aito/company";
import { connectPostgres, type Database } from "@aito/db";
import { inlineEngine } from "@aito/engine";
import { startGateway } from "@aito/gateway";
import { startOrchestrator } from "@aito/orchestrator";
import { type Fleet, StdinLine } from "@aito/protocol";
import { type RehearsalModel, startRehearsalModel } from "@aito/rehearsal-model";
import type { RedisServer } from "./start-redis.ts";
import { waitFor } from "./wait-for.ts";

export interface RunningCompany {
  deps: CompanyDeps;
  model: RehearsalModel;
  /** Ends everything; closing twice is fine. */
  close(): Promise<void>;
}

/** As the programs do: no id is made before the clock follows the database's. */
async function openDatabase(life: Lifecycle, url: string, clock: Clock): Promise<Database> {
  const db = life.add("database", connectPostgres({ url, clock, log: silentLogger }));
  await db.ping();
  return db;
}

/**
 * The company `profiles/aito` with its real programs over a real Postgres and Redis; agents are loops in this process, each
 * with its own Redis user over the unix socket. Returns when all seven are active.
 */
export async function startCompany(options: {
  postgresUrl: string;
  redis: RedisServer;
  /** Changes the pack before it is registered, for example to leave out the kickoff. */
  change?: (fleet: Fleet) => void;
  /** The programs' clock; by default the one of production. */
  clock?: Clock;
  /** Where the programs and agents log; by default nowhere. */
  log?: Logger;
}): Promise<RunningCompany> {
  const life = new Lifecycle(silentLogger);
  const { log = silentLogger, clock = followingClock() } = options;
  const folder = mkdtempSync(join(tmpdir(), "aito-company-"));
  life.onClose("folder", () => rmSync(folder, { recursive: true, force: true }));
  const db = await openDatabase(life, options.postgresUrl, clock);
  const bus = life.add("bus", await connectRedisBus({ url: options.redis.url, log, clock }));
  const newId = makeNewId(clock.now);
  const fleet = await loadPack(new URL("../../../profiles/aito/fleet.yaml", import.meta.url).pathname);
  options.change?.(fleet);
  const companyId = await db.findOrCreateCompany({ id: newId(), slug: fleet.file.company, name: fleet.file.name });
  const deps: CompanyDeps = { db, companyId, clock, newId, deliver: deliverOver(bus), rehearsal: true };
  await registerFleet(deps, fleet);
  const model = life.add("model", await startRehearsalModel({ port: 0, host: "127.0.0.1", log, seed: 1, clock }));
  const socketPath = join(folder, "gateway.sock");
  life.add(
    "gateway",
    await startGateway({
      deps,
      bus,
      log,
      clock,
      socketPath,
      upstream: { baseUrl: model.url, apiKey: null, name: "rehearsal" },
      publicUrl: "http://127.0.0.1",
      linkKey: newToken("key"),
      receiptKey: newToken("key"),
    }),
  );
  const engine = inlineAgents({ socketPath, redisSocketPath: options.redis.socketPath, clock, log });
  life.add("engine", engine);
  life.add(
    "orchestrator",
    await startOrchestrator({
      deps,
      bus,
      engine,
      log,
      clock,
      fleet,
      images: { agent: "inline", worker: "inline", claudeCode: "inline" },
      linkVolume: "inline",
      tickMs: 250,
    }),
  );
  await allActive(deps);
  return { deps, model, close: () => life.close() };
}

/** An engine whose agents are loops in this process, each with its own Redis user over the unix socket. */
export const inlineAgents = (options: {
  socketPath: string;
  redisSocketPath: string;
  clock: Clock;
  log: Logger;
}): ReturnType<typeof inlineEngine> => {
  const { socketPath, redisSocketPath, clock, log } = options;
  return inlineEngine({
    clock,
    log,
    run: async (_spec, stdinLine, signal) =>
      await runAgent({
        clock,
        log,
        signal,
        gateway: { socketPath },
        stdin: StdinLine.parse(JSON.parse(stdinLine)),
        tmp: null,
        makeBell: (hello) => connectBell({ ...hello.redis!, socketPath: redisSocketPath, log, clock }),
      }),
  });
};

const allActive = (deps: CompanyDeps): Promise<unknown> =>
  waitFor(
    () => listAgents(deps),
    (agents) => agents.filter((agent) => agent.kind === "agent" && agent.status === "active").length === 7,
    60_000,
  );
