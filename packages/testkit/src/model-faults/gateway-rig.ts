import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeNewId, newToken, sha256, silentLogger, systemClock } from "@aito/base";
import { beginIncarnation, type CompanyDeps, loadPack, registerFleet } from "@aito/company";
import { connectPostgres } from "@aito/db";
import type { FleetFile } from "@aito/protocol";
import { Agent, fetch, type Response } from "undici";
import { waitFor } from "../wait-for.ts";

const root = new URL("../../../..", import.meta.url).pathname;

/** A usage row, as far as the tests look. */
export interface Booked {
  agent_id: string;
  status: number;
  cut: boolean;
  attempts: number | null;
  cost_micro_usd: bigint | null;
  charged_micro_usd: bigint | null;
}

/** The gateway's program in a process of its own over Postgres and Redis, and agents that have said hello to it. */
export interface GatewayRig {
  agents: string[];
  /** One model call as an agent. */
  ask(agent: string, call: string, more?: { stream?: boolean; model?: string; signal?: AbortSignal }): Promise<Response>;
  usageOf(agent: string): Promise<Booked[]>;
  /** Writes the vendor's key anew, as a rotation does: another file takes the name. */
  setKey(key: string): void;
  alive(): boolean;
  /** The most memory that the program has had, in MB; a container of it has 512. */
  peakMb(): number;
  close(): Promise<void>;
}

export async function gatewayRig(options: {
  slug: string;
  postgresUrl: string;
  redisUrl: string;
  vendorUrl: string;
  env?: Record<string, string>;
  /** Changes the fleet file before it is registered. */
  change?: (file: FleetFile) => void;
}): Promise<GatewayRig> {
  const { slug } = options;
  const folder = await mkdtemp(join(tmpdir(), `aito-${slug}-`));
  const clock = systemClock;
  const db = connectPostgres({ url: options.postgresUrl, clock, log: silentLogger });
  const newId = makeNewId(clock.now);
  const companyId = await db.findOrCreateCompany({ id: newId(), slug, name: slug });
  const deps: CompanyDeps = { db, companyId, clock, newId, deliver: async () => undefined, rehearsal: false };
  const fleet = await loadPack(join(root, "profiles/aito/fleet.yaml"));
  options.change?.(fleet.file);
  await registerFleet(deps, fleet);
  const socketPath = join(folder, "gateway.sock");
  const waits = { headersTimeout: 120_000, bodyTimeout: 120_000 };
  const dispatcher = new Agent({ connect: { socketPath }, connections: 256, ...waits });
  const keyFile = join(folder, "model-key");
  const setKey = (key: string): void => {
    writeFileSync(`${keyFile}.new`, `${key}\n`, { mode: 0o600 });
    renameSync(`${keyFile}.new`, keyFile);
  };
  setKey("sk-the-first-key");
  const gateway = startProgram(folder, { ...options, socketPath });
  const head = (): Promise<number> =>
    fetch("http://gateway/", { method: "HEAD", dispatcher }).then(
      (answer) => answer.status,
      () => 0,
    );
  await waitFor(head, (status) => status === 200, 60_000);
  const sessions = await sessionsOf(deps, Object.keys(fleet.file.roles), dispatcher);
  const rows = <T>(table: string): Promise<T[]> =>
    db.transaction({ companyId }, (tx) => tx.queries.selectFrom(table).selectAll().orderBy("id").execute()) as Promise<T[]>;
  return {
    agents: [...sessions.keys()],
    ask: (agent, call, more = {}) =>
      fetch("http://gateway/v1/messages", {
        method: "POST",
        dispatcher,
        headers: { authorization: `Bearer ${sessions.get(agent)}`, "content-type": "application/json" },
        body: JSON.stringify({
          model: more.model ?? "claude-sonnet-5-5",
          max_tokens: 100,
          stream: more.stream ?? false,
          messages: [{ role: "user", content: call }],
        }),
        ...(more.signal ? { signal: more.signal } : {}),
      }),
    usageOf: async (agent) => {
      const { id } = (await rows<{ id: string; name: string }>("agents")).find(({ name }) => name === agent)!;
      return (await rows<Booked>("usage")).filter((row) => row.agent_id === id);
    },
    setKey,
    alive: () => gateway.exitCode === null && gateway.signalCode === null,
    peakMb: () => Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${gateway.pid}/status`, "utf8"))![1]) / 1_024,
    close: async () => {
      await ended(gateway);
      await dispatcher.destroy();
      await db.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function sessionsOf(deps: CompanyDeps, agents: string[], dispatcher: Agent): Promise<Map<string, string>> {
  const sessions = new Map<string, string>();
  for (const agent of agents) {
    const token = newToken("run");
    const { epoch } = await beginIncarnation(deps, { agent, tokenHash: sha256(token) });
    const headers = { "content-type": "application/json" };
    const body = JSON.stringify({ token, epoch });
    const answer = await fetch("http://gateway/agent/hello", { method: "POST", dispatcher, headers, body });
    sessions.set(agent, ((await answer.json()) as { session: string }).session);
  }
  return sessions;
}

function startProgram(
  folder: string,
  options: Pick<Parameters<typeof gatewayRig>[0], "slug" | "postgresUrl" | "redisUrl" | "vendorUrl" | "env"> & {
    socketPath: string;
  },
): ChildProcess {
  return spawn(process.execPath, [join(root, "packages/gateway/src/main.ts")], {
    env: {
      PATH: process.env["PATH"],
      POSTGRES_URL: options.postgresUrl,
      REDIS_URL: options.redisUrl,
      AITO_COMPANY: options.slug,
      AITO_SOCKET: options.socketPath,
      AITO_HOST: "127.0.0.1",
      AITO_PORT: "0",
      AITO_MODEL_URL: options.vendorUrl,
      ANTHROPIC_API_KEY_FILE: join(folder, "model-key"),
      AITO_LINK_KEY: "l".repeat(32),
      AITO_RECEIPT_KEY: "r".repeat(32),
      AITO_WORKSPACES: join(folder, "workspaces"),
      LOG_LEVEL: "error",
      ...options.env,
    },
    stdio: ["ignore", "ignore", "inherit"],
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((done) => child.once("exit", done));
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), 15_000);
  await gone;
  clearTimeout(timer);
}
