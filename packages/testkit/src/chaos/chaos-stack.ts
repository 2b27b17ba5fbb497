import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Lifecycle, makeNewId, newToken, silentLogger, systemClock } from "@aito/base";
import { type Bus, connectRedisBus, deliverOver } from "@aito/bus";
import type { CompanyDeps } from "@aito/company";
import { connectPostgres } from "@aito/db";
import Docker from "dockerode";
import { dockerSocket } from "../loopback-container.ts";
import { seededRandom } from "../races/seeded-random.ts";
import { type PostgresServer, startPostgres, type TestDatabase } from "../start-postgres.ts";
import { type RedisServer, startRedis } from "../start-redis.ts";
import { waitFor } from "../wait-for.ts";
import { startChaosModel } from "./chaos-model.ts";
import { writeChaosPack } from "./chaos-pack.ts";
import { type EngineProxy, startEngineProxy } from "./engine-proxy.ts";
import { type Ledger, openLedger } from "./ledger.ts";
import { type LinkProxy, startLinkProxy } from "./link-proxy.ts";
import { type PrivateEngine, startPrivateEngine } from "./private-engine.ts";
import { type Program, superviseProgram } from "./program.ts";
import { type Receiver, startReceiver } from "./receiver.ts";
import { type RedisLink, startRedisLink } from "./redis-proxy.ts";
import { makeTraps, type Traps } from "./trap.ts";

export interface ChaosOptions {
  seed: number;
  /** Standing agents beside the seven. */
  hands: number;
  /** A second engine of its own for the agents, so that it can be killed, too. */
  privateEngine?: boolean;
  /** Whether agents outlive that engine's end. */
  liveRestore?: boolean;
  /** The bundles that ship, or the sources. */
  bundles: boolean;
  /** The signals at which all that was started is ended, and then this process. By default SIGINT and SIGTERM. */
  endsOn?: readonly NodeJS.Signals[];
  say: (line: string) => void;
}

type Parts = ChaosOptions & { slug: string; random: () => number };

/** A company under test with everything that watches it and can break it. */
export interface ChaosStack {
  slug: string;
  folder: string;
  ledger: Ledger;
  traps: Traps;
  link: LinkProxy;
  receiver: Receiver;
  engineProxy: EngineProxy;
  privateEngine: PrivateEngine | null;
  /** The engine itself, past the proxy: the observer's eye and the killer's hand. */
  docker: () => Docker;
  postgres: PostgresServer;
  database: TestDatabase;
  redis: RedisServer;
  /** Between the programs and Redis. */
  redisLink: RedisLink;
  gateway: Program;
  orchestrator: Program;
  /** As the operator: over connections of its own, which suffer with everybody else's. */
  deps: CompanyDeps;
  bus: Bus;
  agents: string[];
  close(): Promise<void>;
}

const readyMsMax = 180_000;
/** The exit code of a program that was interrupted. */
const interruptedCode = 130;
export const agentImage = (): string => `aito-agent:${process.env["AITO_TAG"] ?? "latest"}`;

/** Starts the stack of a run called `name` and resolves when every standing agent was heard. */
export async function startChaosStack(name: string, options: ChaosOptions): Promise<ChaosStack> {
  // Two runs of the same seed on one engine do not meet.
  const slug = `${name}-${(process.pid % 46_656).toString(36)}${options.seed}`;
  // The link's own dice: how often it throws them changes nothing in the plan.
  const noise = seededRandom(options.seed + 1);
  const parts = { ...options, slug, random: () => noise.below(1_000) / 1_000 };
  const life = new Lifecycle(silentLogger);
  // A lifecycle gives each part five seconds; an engine with all its containers may take longer, and leaves nothing behind.
  const engines: PrivateEngine[] = [];
  const close = async (): Promise<void> => {
    await life.close();
    for (const engine of engines) await engine.close();
  };
  endOnSignals(options, { life, close });
  try {
    return await startParts(parts, { life, engines, close });
  } catch (error) {
    await close();
    throw error;
  }
}

/** Once: whoever asks a second time need not wait for it. */
function endOnSignals(
  { endsOn = ["SIGINT", "SIGTERM"], say }: ChaosOptions,
  { life, close }: { life: Lifecycle; close: () => Promise<void> },
): void {
  const end = (): void => {
    say("interrupted: ending what was started");
    void close().finally(() => process.exit(interruptedCode));
  };
  for (const signal of endsOn) process.once(signal, end);
  life.onClose("signals", () => endsOn.forEach((signal) => process.off(signal, end)));
}

async function startParts(
  options: Parts,
  { life, engines, close: closeAll }: { life: Lifecycle; engines: PrivateEngine[]; close: () => Promise<void> },
): Promise<ChaosStack> {
  const { slug, say } = options;
  const folder = makeFolder();
  const ledger = openLedger(join(folder, "ledger.ndjson"));
  const traps = makeTraps();
  const fleetFile = writeChaosPack(join(folder, "pack"), options);
  const engine = await openEngine(options, folder, { life, engines });
  say("starting Postgres and Redis");
  const services = await openServices(folder, life);
  const { database, redis } = services;
  const engineProxy = life.add(
    "engine proxy",
    await startEngineProxy({ socketPath: join(folder, "engine.sock"), upstreamPath: engine.socketPath }),
  );
  const upstreamPath = join(folder, "gateway/gateway.sock");
  const socketPath = join(folder, "link/gateway/gateway.sock");
  const link = life.add("link", await startLinkProxy({ socketPath, upstreamPath, ledger, traps, random: options.random }));
  const model = life.add("model", await startChaosModel({ ledger, traps }));
  const receiver = life.add("receiver", await startReceiver(ledger));
  const redisLink = life.add("Redis' port", await startRedisLink(Number(new URL(redis.url).port)));
  const redisUrl = new URL(redis.url);
  redisUrl.port = String(redisLink.port);
  const shared = {
    POSTGRES_URL: database.controlUrl,
    REDIS_URL: redisUrl.href,
    AITO_COMPANY: slug,
    AITO_HOST: "127.0.0.1",
    AITO_PORT: "0",
  };
  const program = (name: "gateway" | "orchestrator", environment: Record<string, string>): Program => {
    const logFile = join(folder, `${name}.log`);
    const made = superviseProgram({ name, bundles: options.bundles, logFile, environment: { ...shared, ...environment } });
    life.onClose(name, () => made.close());
    return made;
  };
  const outside = { AITO_MODEL_URL: model.url, AITO_WEBHOOK_URL: receiver.url };
  const gateway = program("gateway", { AITO_SOCKET: upstreamPath, ...outside, ...gatewayKeys() });
  const orchestrator = program("orchestrator", {
    DOCKER_SOCKET: engineProxy.socketPath,
    // As a container's id does: a restarted one goes on at once.
    AITO_HOLDER: `${slug}-orchestrator`,
    AITO_FLEET: fleetFile,
    AITO_LINK_VOLUME: `aito-${slug}-link`,
    AITO_AGENT_IMAGE: agentImage(),
    AITO_WORKER_IMAGE: agentImage(),
    AITO_ANCHORS: join(folder, "anchors.ndjson"),
  });
  say("starting the control plane");
  orchestrator.start();
  gateway.start();
  const operator = await openOperator(slug, services, life);
  const agents = ["ceo", "dao", "cmo", "cto", "cfo", "coo", "cco"].concat(
    Array.from({ length: options.hands }, (_, index) => `hand-${index + 1}`),
  );
  await waitFor(
    () => new Set(ledger.of("beat").map((beat) => beat.agent)).size,
    (heard) => heard === agents.length,
    readyMsMax,
  );
  say(`${agents.length} agents are at work`);
  const close = async (): Promise<void> => {
    await closeAll();
    rmSync(folder, { recursive: true, force: true });
  };
  const watched = { ledger, traps, link, receiver, engineProxy, redisLink, privateEngine: engine.own, docker: engine.docker };
  return { slug, folder, ...watched, ...services, gateway, orchestrator, ...operator, agents, close };
}

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "aito-chaos-"));
  for (const name of ["link/gateway", "link/redis", "gateway"]) mkdirSync(join(folder, name), { recursive: true });
  chmodSync(folder, 0o755);
  return folder;
}

const gatewayKeys = (): Record<string, string> => ({
  AITO_LINK_KEY: newToken("key"),
  AITO_RECEIPT_KEY: newToken("key"),
  AITO_WEBHOOK_SECRET: newToken("key"),
});

/** The machine's engine or one of its own, with the volume through which agents reach gateway and Redis. */
async function openEngine(
  { slug, privateEngine = false, liveRestore = false }: Parts,
  folder: string,
  { life, engines }: { life: Lifecycle; engines: PrivateEngine[] },
): Promise<{ own: PrivateEngine | null; socketPath: string; docker: () => Docker }> {
  const own = privateEngine
    ? await startPrivateEngine({ folder: join(folder, "engine"), images: [agentImage()], liveRestore })
    : null;
  if (own) engines.push(own);
  const socketPath = own?.socketPath ?? dockerSocket();
  const docker = (): Docker => new Docker({ socketPath, timeout: 30_000 });
  life.onClose("containers and volume", () => removeOurs(docker(), slug));
  await docker().createVolume({
    Name: `aito-${slug}-link`,
    Labels: { "aito.company": slug },
    DriverOpts: { type: "none", o: "bind", device: join(folder, "link") },
  });
  return { own, socketPath, docker };
}

interface Services {
  postgres: PostgresServer;
  database: TestDatabase;
  redis: RedisServer;
}

async function openServices(folder: string, life: Lifecycle): Promise<Services> {
  const [postgres, redis] = await Promise.all([
    startPostgres({ shared: false, durable: true }),
    startRedis({ folder: join(folder, "link/redis") }),
  ]);
  life.onClose("postgres", () => postgres.stop());
  life.onClose("redis", () => redis.stop());
  return { postgres, redis, database: await postgres.database() };
}

/** Waits until the company is registered. */
async function openOperator(
  slug: string,
  { database, redis }: Services,
  life: Lifecycle,
): Promise<{ deps: CompanyDeps; bus: Bus }> {
  const db = life.add("database", connectPostgres({ url: database.controlUrl, clock: systemClock, log: silentLogger }));
  const bus = life.add("bus", await connectRedisBus({ url: redis.url, log: silentLogger, clock: systemClock }));
  const found = await waitFor(
    () => db.findCompany(slug),
    (seen) => seen !== null,
    readyMsMax,
  );
  const newId = makeNewId(systemClock.now);
  const deps: CompanyDeps = { db, companyId: found.id, clock: systemClock, newId, deliver: deliverOver(bus), rehearsal: true };
  return { deps, bus };
}

/** Containers of the company, alive or not, and its volume. */
async function removeOurs(docker: Docker, slug: string): Promise<void> {
  const filters = { label: [`aito.company=${slug}`] };
  for (const item of await docker.listContainers({ all: true, filters }).catch(() => [])) {
    await docker
      .getContainer(item.Id)
      .remove({ force: true, v: true })
      .catch(() => undefined);
  }
  await docker
    .getVolume(`aito-${slug}-link`)
    .remove({ force: true })
    .catch(() => undefined);
}
