import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectGateway, type GatewayLink } from "../../packages/agent/src/gateway-link.ts";
import { type Lifecycle, makeNewId, newToken, sha256, silentLogger, systemClock } from "../../packages/base/src/index.ts";
import { type Bus, connectRedisBus, deliverOver } from "../../packages/bus/src/index.ts";
import { beginIncarnation, type CompanyDeps, loadPack, registerFleet } from "../../packages/company/src/index.ts";
import { connectPostgres, type Database } from "../../packages/db/src/index.ts";
import { type GatewayOptions, startGateway } from "../../packages/gateway/src/index.ts";
import { agentApi, HelloResponse } from "../../packages/protocol/src/index.ts";
import { startPostgres, startRedis } from "../../packages/testkit/src/index.ts";

export interface Services {
  deps: CompanyDeps;
  bus: Bus;
  redisSocket: string;
  socketPath: string;
  /** Ends the gateway and starts another one, as after a crash. */
  restartGateway(): Promise<void>;
  postgresUrl: string;
  redisUrl: string;
}

/** The floor's commit: one round trip that writes one row, with nothing of ours in it. */
export const commitFunction = `create table bench_commits (at timestamptz);
  create function aito_bench_commit(company uuid, at timestamptz, ignored jsonb) returns jsonb language sql security definer as
    $$ insert into bench_commits (at) values (at); select '{}'::jsonb $$`;

/** `agents`: standing agents beside the pack's seven; `bounded`: with the limits that a company has. A company over a real Postgres and Redis behind a real gateway; nobody runs its agents but the caller. */
export async function openCompany(
  life: Lifecycle,
  agents: string[] = [],
  given: {
    moreTools?: GatewayOptions["moreTools"];
    bounded?: boolean;
    /** Postgres writes as in production, and has the floor's commit. */
    durable?: boolean;
    board?: GatewayOptions["board"];
    /** What the CMO is granted; default: what the pack says. */
    grants?: string[];
    /** Stands between the gateway and its database. */
    wrapDatabase?: (db: Database) => Database;
  } = {},
): Promise<Services> {
  const { moreTools = [], bounded = false, durable = false, board = null, grants, wrapDatabase = (db: Database) => db } = given;
  const folder = mkdtempSync(join(tmpdir(), "aito-bench-"));
  life.onClose("folder", () => rmSync(folder, { recursive: true, force: true }));
  const postgres = await startPostgres(durable ? { shared: false, durable } : {});
  life.onClose("postgres", () => postgres.stop());
  const redis = await startRedis();
  life.onClose("redis", () => redis.stop());
  const { controlUrl: url, name: databaseName } = await postgres.database();
  if (durable) await postgres.sql(databaseName, commitFunction);
  const db = life.add("database", connectPostgres({ url, clock: systemClock, log: silentLogger }));
  const bus = life.add("bus", await connectRedisBus({ url: redis.url, log: silentLogger, clock: systemClock }));
  const newId = makeNewId(systemClock.now);
  const companyId = await db.findOrCreateCompany({ id: newId(), slug: "bench", name: "Bench" });
  const deps: CompanyDeps = { db, companyId, clock: systemClock, newId, deliver: deliverOver(bus), rehearsal: true };
  const fleet = await loadPack(new URL("../../profiles/aito/fleet.yaml", import.meta.url).pathname);
  // One agent sends more here than any company's may.
  if (!bounded) fleet.file.messages = { perMinute: 10_000, hopsMax: 1e6, turnsMax: 1e6, answerSeconds: 3_600 };
  if (grants) fleet.file.roles["cmo"]!.tools = grants;
  for (const name of agents) {
    fleet.file.roles[name] = fleet.file.roles["cmo"]!;
    fleet.profiles[name] = fleet.profiles["cmo"]!;
  }
  await registerFleet(deps, fleet);
  const socketPath = join(folder, "gateway.sock");
  const keys = { publicUrl: "http://127.0.0.1", linkKey: newToken("key"), receiptKey: newToken("key") };
  const upstream = { baseUrl: "http://127.0.0.1:9", apiKey: null, name: "rehearsal" as const };
  // One agent sends all that is measured.
  const rates = bounded ? {} : { toolRate: { capacity: 1e6, perSecond: 1e6 }, refusedMs: 0 };
  const log = silentLogger;
  const start = () =>
    startGateway({
      deps: { ...deps, db: wrapDatabase(db) },
      bus,
      log,
      clock: systemClock,
      socketPath,
      upstream,
      ...rates,
      moreTools,
      board,
      ...keys,
    });
  let gateway = await start();
  life.onClose("gateway", () => gateway.close());
  const restartGateway = async (): Promise<void> => {
    await gateway.close();
    gateway = await start();
  };
  return { deps, bus, redisSocket: redis.socketPath, socketPath, postgresUrl: url, redisUrl: redis.url, restartGateway };
}

/** Starts the next incarnation of an agent and says hello for it. */
export async function enter(
  deps: CompanyDeps,
  life: Lifecycle,
  socketPath: string,
  agent: string,
): Promise<{ link: GatewayLink; hello: HelloResponse }> {
  const token = newToken("run");
  const { epoch } = await beginIncarnation(deps, { agent, tokenHash: sha256(token) });
  const link = life.add("link", connectGateway({ socketPath, clock: systemClock, random: Math.random }));
  const hello = await link.post(agentApi.hello, { token, epoch }, HelloResponse);
  link.useSession(hello.session);
  return { link, hello };
}
