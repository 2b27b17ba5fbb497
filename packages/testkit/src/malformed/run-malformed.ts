import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { anthropicModel, connectGateway, connectTools, runToolLoop, type ToolLoopResult } from "@aito/agent";
import { type Clock, type Logger, makeNewId, newProofKey, newToken, sha256 } from "@aito/base";
import { deliverOver, memoryBus } from "@aito/bus";
import { beginIncarnation, type CompanyDeps, loadPack, registerFleet } from "@aito/company";
import { openTestDatabase } from "@aito/db/testing";
import { fleetTools, startGateway } from "@aito/gateway";
import { agentApi, HelloResponse } from "@aito/protocol";
import { migrationsFolder } from "../start-postgres.ts";

/** A company with a gateway over real sockets, whose standard model is one address and whose `local` models are a chat endpoint there. */
export interface MalformedGround {
  deps: CompanyDeps;
  /** What tools really ran with, as the tool itself saw it. */
  ran: { tool: string; input: unknown; fits: boolean }[];
  enter(agent: string): Promise<Ready>;
  /** A tool call as no client of ours would make it; the answer's text. */
  rawCall(session: string, body: string): Promise<{ status: number; text: string }>;
  socketPath: string;
  close(): Promise<void>;
}
/** An agent that said hello: runs one conversation after the other. */
export interface Ready {
  session: string;
  converse(text: string, turnsMax: number): Promise<ToolLoopResult>;
  close(): Promise<void>;
}

const pack = new URL("../../../../profiles/aito/fleet.yaml", import.meta.url).pathname;
const unlimited = { capacity: 1e9, perSecond: 1e9 };

export async function malformedGround(options: {
  modelUrl: string;
  log: Logger;
  clock: Clock;
  /** Roles that use the chat endpoint. */
  chatRoles: string[];
}): Promise<MalformedGround> {
  const { modelUrl, clock, log } = options;
  const folder = await mkdtemp(join(tmpdir(), "aito-malformed-"));
  const db = await openTestDatabase({ clock, migrations: migrationsFolder });
  const memory = memoryBus({ clock });
  // Conversations follow each other faster than any agent's.
  const bus = { ...memory, takeToken: () => Promise.resolve({ ok: true as const, taken: 1 }) };
  const newId = makeNewId(clock.now);
  const companyId = await db.findOrCreateCompany({ id: newId(), slug: "malformed", name: "Malformed" });
  const deps: CompanyDeps = { db, companyId, clock, newId, deliver: deliverOver(memory), rehearsal: true };
  const fleet = await loadPack(pack);
  fleet.file.models.upstreams = { local: { speaks: "chat", baseUrl: `${modelUrl}/v1`, models: ["local-model"], free: true } };
  for (const role of options.chatRoles) fleet.file.roles[role]!.model = "local-model";
  await registerFleet(deps, fleet);
  const { ran, restore } = watchTools();
  const socketPath = join(folder, "link", "gateway.sock");
  const gateway = await startGateway({
    deps,
    bus,
    log,
    clock,
    socketPath,
    upstream: { name: "anthropic", baseUrl: modelUrl, apiKey: "sk-none-of-it-is-real" },
    publicUrl: "http://127.0.0.1:7700",
    linkKey: "k".repeat(32),
    receiptKey: "r".repeat(32),
    toolRate: unlimited,
    refusedMs: 0,
  });
  const raw = connectGateway({ socketPath, clock, random: () => 0 });
  return {
    deps,
    ran,
    socketPath,
    enter: async (agent) => {
      const token = newToken("run");
      const stdin = { token, ...(await beginIncarnation(deps, { agent, tokenHash: sha256(token) })) };
      return await ready(stdin, { socketPath, clock });
    },
    rawCall: async (session, body) => {
      const response = await raw.fetch("http://gateway/mcp", {
        method: "POST",
        headers: {
          authorization: `Bearer ${session}`,
          "content-type": "application/json",
          accept: "application/json, text/event-stream",
        },
        body,
      });
      return { status: response.status, text: await response.text() };
    },
    close: async () => {
      restore();
      await gateway.close();
      await raw.close();
      await memory.close();
      await db.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function ready(stdin: { token: string; epoch: number }, options: { socketPath: string; clock: Clock }): Promise<Ready> {
  const { clock, socketPath } = options;
  const proofKey = newProofKey();
  const link = connectGateway({ socketPath, clock, random: () => 0, proofKey });
  const hello = await link.post(agentApi.hello, { ...stdin, containerKey: proofKey.publicKey }, HelloResponse);
  link.useSession(hello.session);
  const life = new AbortController();
  const common = { fetch: link.fetch, session: hello.session, run: "" };
  const tools = await connectTools({ ...common, signal: life.signal });
  return {
    session: hello.session,
    converse: (text, turnsMax) =>
      runToolLoop({
        callModel: anthropicModel({ ...common, model: hello.model, after: clock.after, onProgress: () => undefined }),
        tools: tools.definitions,
        callTool: (name, input, signal) => tools.call(name, input, signal),
        prompt: { system: [], user: text },
        limits: { turnsMax, runSecondsMax: 60, outputTokensMax: 1e9 },
        clock,
        signal: life.signal,
        onStep: () => undefined,
      }),
    close: async () => {
      life.abort();
      await tools.close();
      await link.close();
    },
  };
}

/** Stands in front of every registered tool and notes what it is run with; the tool runs as ever. */
function watchTools(): { ran: MalformedGround["ran"]; restore: () => void } {
  const ran: MalformedGround["ran"] = [];
  const undo: (() => void)[] = [];
  for (const tool of fleetTools) {
    const note = (input: unknown): void => {
      ran.push({ tool: tool.name, input: structuredClone(input), fits: tool.input.safeParse(input).success });
    };
    if ("costMicroUsd" in tool) {
      const { effect } = tool;
      if (!effect) continue;
      tool.effect = async (unit, permission, input, files) => {
        note(input);
        return await effect(unit, permission, input, files);
      };
      undo.push(() => void (tool.effect = effect));
    } else {
      const { run } = tool;
      tool.run = async (call, input, prepared) => {
        note(input);
        return await run(call, input, prepared);
      };
      undo.push(() => void (tool.run = run));
    }
  }
  return { ran, restore: () => undo.forEach((each) => each()) };
}
