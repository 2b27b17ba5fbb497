import { createHash } from "node:crypto";
import { chmodSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { AitoError, type Clock, type CrashPoint, Lifecycle, type Logger, makeNewId, readConfig, sha256 } from "@aito/base";
import { deliverOver, memoryBus } from "@aito/bus";
import { type CompanyDeps, fileAnchors, loadPack, makeSearchStatistics, registerFleet } from "@aito/company";
import { EmbedderConfig, makeEmbedder } from "@aito/connectors";
import { type ConsoleOptions, startConsole } from "@aito/console";
import { type EmbeddedDatabase, migratePglite, openPglite } from "@aito/db";
import {
  boardAccess,
  type GatewayOptions,
  GithubConfig,
  githubFor,
  NoticeConfig,
  noticeSettings,
  startGateway,
  toolSecrets,
} from "@aito/gateway";
import { type OrchestratorOptions, startOrchestrator } from "@aito/orchestrator";
import { startRehearsalModel } from "@aito/rehearsal-model";
import type { Fleet } from "@aito/protocol";
import { z } from "zod";
import { checkFolder, ownFolder } from "./check-folder.ts";
import { checkPort } from "./check-port.ts";
import { folderKeys } from "./folder-keys.ts";
import { lockFolder } from "./folder-lock.ts";
import { inlineAgents } from "./inline-agents.ts";
import { startRehearsalGithub } from "./rehearsal-github.ts";

export interface EmbeddedOptions {
  /** The company's folder (`.aito`): lock, database, keys, socket. */
  folder: string;
  /** The pack's fleet.yaml. */
  fleetPath: string;
  /** Of the console on 127.0.0.1; 0 takes any free one. */
  port: number;
  /** Claude's key; null rehearses with the scripted model. */
  apiKey: string | null;
  log: Logger;
  clock: Clock;
  /** One line for people, for each step that takes time. */
  onProgress?: (line: string) => void;
  /** How a human is told of escalations, and which embedder: `AITO_WEBHOOK_URL` and the others, as the gateway's README names them. */
  noticeEnv?: Record<string, string | undefined>;
  /** Another address of the Messages API than the vendor's. */
  modelUrl?: string;
  /** Of the rehearsal model: the same seed, the same words. */
  seed?: number;
  /** Where the whole process is made to die, in tests of recovery only; holds for every program and agent in it. */
  crashPoint?: CrashPoint;
  /** How long an agent's session stands; tests ask for less than the hour. */
  sessionLife?: GatewayOptions["sessionLife"];
}

export interface Embedded {
  consoleUrl: string;
  operatorKey: string;
  /** `REHEARSAL`, or the name of the agents' model. */
  model: string;
  newLoginLink(): Promise<string>;
  /** Ends all parts in order; the agents stop with the process and start again at the next `up`. */
  close(): Promise<void>;
}

export const durabilityNotice =
  "embedded mode: the company survives a kill of this process, but not a power loss (its database does not wait for the disk)";

const consoleHost = "127.0.0.1";
const anthropicUrl = "https://api.anthropic.com";
const tickMs = 500;
const defaultSeed = 1;

/**
 * The whole company in this process: the same programs as in containers over PGlite, the memory bus and the inline engine.
 * Everything that a person must put right is checked before anything starts (AITO_FLEET_*, AITO_EMBEDDED_LOCKED,
 * AITO_EMBEDDED_FOLDER, AITO_EMBEDDED_DISK, AITO_PORT_IN_USE), and a failure half way closes what was opened.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const folder = resolve(options.folder);
  const say = options.onProgress ?? (() => undefined);
  const fleet = await loadPack(options.fleetPath);
  refuseContainersOnly(fleet);
  checkFolder(folder);
  const life = new Lifecycle(options.log);
  try {
    const opened = holdFolder(folder, life);
    await checkPort(consoleHost, options.port);
    say(durabilityNotice);
    say("opening the database");
    const databaseFolder = ownFolder(join(folder, "db"));
    opened.db = await openPglite({ folder: databaseFolder, clock: options.clock });
    return await startParts({ ...options, folder }, { fleet, life, say, db: opened.db });
  } catch (error) {
    await life.close();
    throw error;
  }
}

/** What the gateway reaches outside of the company: tool servers, repositories, the board. A rehearsal without a token has a GitHub of its own. */
async function outsideOf(
  { noticeEnv = {}, clock, log, folder, apiKey }: EmbeddedOptions,
  life: Lifecycle,
): Promise<Pick<GatewayOptions, "toolSecrets" | "github" | "board">> {
  const named = githubFor(readConfig(GithubConfig, noticeEnv), noticeEnv, { clock, log });
  const github = named ?? (apiKey === null ? await startRehearsalGithub({ folder, clock, log }, life) : null);
  return { toolSecrets: toolSecrets(noticeEnv, { clock, log }), github, board: boardAccess(github) };
}

const PlaceConfig = z.object({
  AITO_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  AITO_TRUSTED_PROXIES: z.string().default(""),
});

/** Where the console finds the gateway, the hooks' secrets and its pages. */
const placesOf = ({
  folder,
  noticeEnv = {},
}: EmbeddedOptions): Pick<ConsoleOptions, "gatewaySocket" | "hookSecretsFile" | "webRoot" | "trustedProxies"> => ({
  trustedProxies: readConfig(PlaceConfig, noticeEnv).AITO_TRUSTED_PROXIES,
  gatewaySocket: socketPathIn(folder),
  hookSecretsFile: noticeEnv["AITO_HOOK_SECRETS_FILE"] || null,
  webRoot: inRepository("packages/console/dist/web"),
});

/** One closer for both: the folder is given back only after its database is closed, however long that takes. */
function holdFolder(folder: string, life: Lifecycle): { db: EmbeddedDatabase | null } {
  const lock = lockFolder(folder);
  const opened: { db: EmbeddedDatabase | null } = { db: null };
  life.onClose("database and folder lock", async () => {
    await opened.db?.close();
    await lock.close();
  });
  return opened;
}

interface Ground {
  fleet: Fleet;
  life: Lifecycle;
  say: (line: string) => void;
  db: EmbeddedDatabase;
}

/** From then on the session is the programs' login. */
async function migrate(db: EmbeddedDatabase, log: Logger): Promise<void> {
  await migratePglite({ database: db, folder: inRepository("migrations"), log });
  await db.becomeControl();
}

async function startParts(options: EmbeddedOptions, { fleet, life, say, db }: Ground): Promise<Embedded> {
  const { folder, clock, log } = options;
  const publicUrl = readConfig(PlaceConfig, options.noticeEnv ?? {}).AITO_PUBLIC_URL ?? null;
  const keys = folderKeys(folder);
  const notices = noticeSettings(readConfig(NoticeConfig, options.noticeEnv ?? {}), clock);
  const newId = makeNewId(clock.now);
  const rehearsal = options.apiKey === null;
  const model = rehearsal ? "REHEARSAL" : fleet.file.models.agents;

  await migrate(db, log);
  const bus = life.add("bus", memoryBus({ clock }));
  await db.ping();
  const companyId = await db.findOrCreateCompany({ id: newId(), slug: fleet.file.company, name: fleet.file.name });
  const embedder = makeEmbedder(readConfig(EmbedderConfig, options.noticeEnv ?? {}), { clock });
  if (embedder) life.add("embedder", embedder);
  const searchStatistics = makeSearchStatistics(clock);
  const common = { db, companyId, clock, newId, deliver: deliverOver(bus), rehearsal, searchStatistics };
  const deps: CompanyDeps = { ...common, ...(embedder ? { embedder } : {}), crashPoint: options.crashPoint };
  await registerFleet(deps, fleet);

  const anchors = fileAnchors(join(folder, "anchors.ndjson"));
  say("starting the console");
  const console_ = life.add(
    "console",
    await startConsole({
      deps,
      bus,
      log,
      clock,
      host: consoleHost,
      port: options.port,
      publicUrl,
      linkKey: keys.link,
      operatorKeyHash: sha256(keys.operator),
      engine: "embedded",
      model,
      anchors,
      ...placesOf(options),
    }),
  );

  say(rehearsal ? "starting the gateway and the rehearsal model (no ANTHROPIC_API_KEY is set)" : "starting the gateway");
  const upstream = await startUpstream(options, life);
  const socketPath = socketPathIn(folder);
  life.add(
    "gateway",
    await startGateway({
      deps,
      bus,
      log,
      clock,
      socketPath,
      upstream,
      notices,
      ...(await outsideOf(options, life)),
      publicUrl: publicUrl ?? console_.url,
      linkKey: keys.link,
      receiptKey: keys.receipt,
      companyFleet: fleet,
      ...(options.sessionLife ? { sessionLife: options.sessionLife } : {}),
    }),
  );

  // Its agents are in this process; in containers they are other users, for whom the gateway opens it.
  chmodSync(socketPath, 0o600);

  say("starting the agents");
  await startAgents({ deps, bus, clock, log, fleet, socketPath, anchors }, life);
  return {
    consoleUrl: console_.url,
    operatorKey: keys.operator,
    model,
    newLoginLink: () => console_.newLoginLink(),
    close: () => life.close(),
  };
}

/** What cannot run inside one program is refused at the start, not at the first task. */
function refuseContainersOnly({ file }: Fleet): void {
  const type = Object.entries(file.workers).find(([, worker]) => worker.executor === "claude-code")?.[0];
  if (type === undefined) return;
  throw new AitoError("AITO_EXECUTOR_UNAVAILABLE", `the worker type ${type} is run by Claude Code, which needs a container`, {
    hint: "start with --engine docker, or take `executor: claude-code` out of the fleet file",
    fate: "human",
  });
}

/** The inline engine and the orchestrator that starts agents in it. */
async function startAgents(
  given: Pick<OrchestratorOptions, "deps" | "bus" | "clock" | "log" | "fleet" | "anchors"> & { socketPath: string },
  life: Lifecycle,
): Promise<void> {
  const { socketPath, ...common } = given;
  const engine = life.add("engine", inlineAgents({ ...common, socketPath, crashPoint: common.deps.crashPoint }));
  const images = { agent: "inline", worker: "inline", claudeCode: "inline" };
  // The folder's lock makes sure that there is one orchestrator of this name.
  const options = { ...common, engine, images, linkVolume: "inline", tickMs, holder: "embedded" };
  life.add("orchestrator", await startOrchestrator(options));
}

async function startUpstream(
  options: EmbeddedOptions,
  life: Lifecycle,
): Promise<{ baseUrl: string; apiKey: string | null; name: "rehearsal" | "anthropic" }> {
  if (options.apiKey !== null) {
    return { baseUrl: options.modelUrl ?? anthropicUrl, apiKey: options.apiKey, name: "anthropic" };
  }
  if (options.modelUrl !== undefined) return { baseUrl: options.modelUrl, apiKey: null, name: "rehearsal" };
  const { clock, log } = options;
  const model = life.add(
    "rehearsal model",
    await startRehearsalModel({ port: 0, host: "127.0.0.1", log, seed: options.seed ?? defaultSeed, clock }),
  );
  return { baseUrl: model.url, apiKey: null, name: "rehearsal" };
}

/** The kernel takes 107 bytes for a socket's path; a deeper folder gets one in the temporary directory, named by the folder. */
function socketPathIn(folder: string): string {
  const path = join(folder, "gateway.sock");
  if (Buffer.byteLength(path) <= 100) return path;
  return join(tmpdir(), `aito-${createHash("sha256").update(folder).digest("hex").slice(0, 16)}.sock`);
}

const inRepository = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));
