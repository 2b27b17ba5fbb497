import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { followingClock, Lifecycle, makeNewId, newToken, sha256, silentLogger } from "@aito/base";
import { connectRedisBus, deliverOver } from "@aito/bus";
import { type CompanyDeps, listEvents, loadPack, registerFleet } from "@aito/company";
import { connectPostgres } from "@aito/db";
import { noticeSettings, startGateway } from "@aito/gateway";
import { startOrchestrator } from "@aito/orchestrator";
import { type EventView, operatorApi } from "@aito/protocol";
import { startRehearsalModel } from "@aito/rehearsal-model";
import type { RedisServer } from "../../src/index.ts";
import { playAgent, type PlayedAgent } from "../../src/played-agent.ts";
import { inlineAgents } from "../../src/start-company.ts";
import { startConsoleProgram } from "../console-program.ts";
import { type Receiver, startReceiver } from "./receiver.ts";

const consoleFolder = fileURLToPath(new URL("../../../console", import.meta.url));
const pack = fileURLToPath(new URL("../../../../profiles/aito/fleet.yaml", import.meta.url));
const buildMsMax = 300_000;

/** A company over real Postgres and Redis with its gateway, and the console as the program that ships. */
export interface OperatorStack {
  deps: CompanyDeps;
  url: string;
  receiver: Receiver;
  /** The one-time link, as `aito login` asks for it with this machine's key. */
  loginLink(): Promise<string>;
  /** A request with this API key, or with none. */
  ask(key: string | null, path: string, body?: object): Promise<Response>;
  /** An agent in its container's place. */
  play(agent: string): Promise<PlayedAgent>;
  /** From now on an orchestrator starts and stops agents. */
  orchestrate(): Promise<void>;
  /** Newest first. */
  events(type: string): Promise<EventView[]>;
  close(): Promise<void>;
}

export async function openOperatorStack(services: { postgresUrl: string; redis: RedisServer }): Promise<OperatorStack> {
  const life = new Lifecycle(silentLogger);
  const [log, clock] = [silentLogger, followingClock()];
  const folder = mkdtempSync(join(tmpdir(), "aito-operator-"));
  life.onClose("folder", () => rmSync(folder, { recursive: true, force: true }));
  const { redis } = services;
  try {
    const webRoot = join(folder, "web");
    const build = ["node_modules/vite/bin/vite.js", "build", "--logLevel", "error", "--outDir", webRoot, "--emptyOutDir"];
    const env = { ...process.env, NODE_ENV: "production" };
    await promisify(execFile)(process.execPath, build, { cwd: consoleFolder, timeout: buildMsMax, env });
    const db = life.add("database", connectPostgres({ url: services.postgresUrl, clock, log }));
    await db.ping();
    const bus = life.add("bus", await connectRedisBus({ url: redis.url, log, clock }));
    const fleet = await loadPack(pack);
    delete fleet.file.kickoff;
    const newId = makeNewId(clock.now);
    const companyId = await db.findOrCreateCompany({ id: newId(), slug: fleet.file.company, name: fleet.file.name });
    const deps: CompanyDeps = { db, companyId, clock, newId, deliver: deliverOver(bus), rehearsal: true };
    await registerFleet(deps, fleet);
    const receiver = life.add("receiver", await startReceiver());
    const model = life.add("model", await startRehearsalModel({ port: 0, host: "127.0.0.1", log, seed: 1, clock }));
    const [linkKey, operatorKey, socketPath] = [newToken("key"), newToken("op"), join(folder, "gateway.sock")];
    life.add(
      "gateway",
      await startGateway({
        deps,
        bus,
        log,
        clock,
        socketPath,
        upstream: { baseUrl: model.url, apiKey: null, name: "rehearsal" },
        notices: noticeSettings(
          { AITO_WEBHOOK_URL: receiver.url, AITO_WEBHOOK_SECRET: receiver.secret, AITO_REMIND_HOURS: 4 },
          clock,
        ),
        publicUrl: "http://127.0.0.1",
        linkKey,
        receiptKey: newToken("key"),
      }),
    );
    const { url, end } = await startConsoleProgram({
      POSTGRES_URL: services.postgresUrl,
      REDIS_URL: redis.url,
      AITO_COMPANY: fleet.file.company,
      AITO_LINK_KEY: linkKey,
      AITO_OPERATOR_KEY_HASH: sha256(operatorKey),
      AITO_GATEWAY_SOCKET: socketPath,
      AITO_WEB_ROOT: webRoot,
    });
    life.onClose("console", end);
    const ask: OperatorStack["ask"] = (key, path, body) =>
      fetch(`${url}${path}`, {
        method: body ? "POST" : "GET",
        headers: {
          ...(key === null ? {} : { authorization: `Bearer ${key}` }),
          ...(body ? { "content-type": "application/json" } : {}),
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
    return {
      deps,
      url,
      receiver,
      ask,
      loginLink: async () => ((await (await ask(operatorKey, operatorApi.loginLinks, {})).json()) as { url: string }).url,
      play: async (agent) => {
        const { played, link } = await playAgent(deps, { socketPath, agent });
        life.onClose(`agent ${agent}`, () => link.close());
        return played;
      },
      orchestrate: async () => {
        const engine = life.add("engine", inlineAgents({ socketPath, redisSocketPath: redis.socketPath, clock, log }));
        const images = { agent: "inline", worker: "inline", claudeCode: "inline" };
        const options = { deps, bus, engine, log, clock, fleet, images, linkVolume: "inline", tickMs: 250 };
        life.add("orchestrator", await startOrchestrator(options));
      },
      events: (type) => listEvents(deps, { types: [type] }),
      close: () => life.close(),
    };
  } catch (error) {
    await life.close();
    throw error;
  }
}
