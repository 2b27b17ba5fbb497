import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeNewId, newToken, sha256, silentLogger, systemClock } from "@aito/base";
import { type Bus, deliverOver, memoryBus } from "@aito/bus";
import { approvalView, beginIncarnation, type CompanyDeps, loadPack, registerFleet } from "@aito/company";
import { type Database, migratePglite, openPglite } from "@aito/db";
import { type ApprovalView, type Embedder, HelloResponse, type StdinLine } from "@aito/protocol";
import { Agent, fetch } from "undici";
import { ownOutputs } from "../src/mcp/own-outputs.ts";
import { type Gateway, type GatewayOptions, startGateway } from "../src/start-gateway.ts";
import { fakeModel, type FakeModel } from "./fake-model.ts";

/** JSON as it came; a test looks at the few fields that it is about. */
// oxlint-disable-next-line typescript/no-explicit-any
export type Loose = Record<string, any>;

export interface Answer {
  status: number;
  headers: Record<string, string>;
  body: Loose;
}

export interface TestGateway {
  deps: CompanyDeps;
  bus: Bus;
  model: FakeModel;
  gateway: Gateway;
  socketPath: string;
  dispatcher: Agent;
  post(path: string, body: unknown, session?: string, more?: AbortSignal | Record<string, string>): Promise<Answer>;
  get(path: string, session?: string): Promise<Answer>;
  /** Another gateway on the same database, of another company. */
  openNeighbour(): Promise<{ post(path: string, body: unknown, session?: string): Promise<Answer>; close(): Promise<void> }>;
  /** The next incarnation's stdin line, as the orchestrator makes it. */
  begin(agent: string): Promise<StdinLine>;
  /** begin and hello. */
  enter(agent: string): Promise<HelloResponse & { epoch: number }>;
  /** One MCP request as a 2025-11-25 client sends it. */
  mcp(session: string, method: string, params?: unknown): Promise<Answer>;
  /** A tool's result: whether it was one, and its JSON. */
  callTool(session: string, name: string, args: unknown): Promise<{ ok: boolean; body: Loose }>;
  rows(table: string): Promise<Loose[]>;
  close(): Promise<void>;
}

const pack = new URL("../../../profiles/aito/fleet.yaml", import.meta.url).pathname;
const migrations = new URL("../../../migrations", import.meta.url).pathname;

/** A gateway over the embedded database, the memory bus and a fake upstream, with the pack `profiles/aito` registered. */
export async function openGateway(
  given: Partial<
    Pick<
      GatewayOptions,
      | "notices"
      | "upstream"
      | "upstreamKeys"
      | "modelPort"
      | "sessionLife"
      | "clock"
      | "moreTools"
      | "toolSecrets"
      | "toolRate"
      | "github"
      | "board"
    >
  > & {
    /** Stands between the gateway and its database; the test's own deps stay without it. */
    wrapDatabase?: (db: Database) => Database;
    embedder?: Embedder;
    /** Where the gateway is made to fail; the test's own deps stay without it. */
    crashPoint?: CompanyDeps["crashPoint"];
  } = {},
): Promise<TestGateway> {
  const { wrapDatabase = (same: Database) => same, embedder, crashPoint, ...options } = given;
  const folder = await mkdtemp(join(tmpdir(), "aito-gateway-"));
  const clock = given.clock ?? systemClock;
  const newId = makeNewId(clock.now);
  const db = await openPglite({ folder: null, clock });
  await migratePglite({ database: db, folder: migrations, log: silentLogger });
  const fleet = await loadPack(pack);
  const companyId = await db.findOrCreateCompany({ id: newId(), slug: fleet.file.company, name: fleet.file.name });
  const bus = memoryBus({ clock });
  const deps: CompanyDeps = { db, companyId, clock, newId, deliver: deliverOver(bus), rehearsal: true };
  await registerFleet(deps, fleet);
  const model = await fakeModel();
  const socketPath = join(folder, "link", "gateway.sock");
  const gatewayOptions: GatewayOptions = {
    deps: { ...deps, db: wrapDatabase(db), ...(embedder ? { embedder } : {}), ...(crashPoint ? { crashPoint } : {}) },
    bus,
    log: silentLogger,
    clock,
    socketPath,
    upstream: { name: "anthropic", baseUrl: model.url, apiKey: "sk-real-key-for-the-test" },
    ...links,
    receiptKey: "r".repeat(32),
    random: () => 0,
    ...options,
  };
  const gateway = await startGateway(gatewayOptions);
  const { dispatcher, send } = socketClient(socketPath);
  const test: TestGateway = {
    deps,
    bus,
    model,
    gateway,
    socketPath,
    dispatcher,
    post: (path, body, session, more) =>
      send("POST", path, { body, session, ...(more instanceof AbortSignal ? { signal: more } : { headers: more }) }),
    get: (path, session) => send("GET", path, { session }),
    openNeighbour: async () => {
      const other = await db.findOrCreateCompany({ id: newId(), slug: "neighbour", name: "Neighbour" });
      const next = await startGateway({
        ...gatewayOptions,
        deps: { ...deps, companyId: other },
        socketPath: `${socketPath}.next`,
      });
      const client = socketClient(`${socketPath}.next`);
      return {
        post: (path, body, session) => client.send("POST", path, { body, session }),
        close: async () => {
          await next.close();
          await client.dispatcher.destroy();
        },
      };
    },
    begin: async (agent) => {
      const token = newToken("run");
      return { token, ...(await beginIncarnation(deps, { agent, tokenHash: sha256(token) })) };
    },
    enter: async (agent) => {
      const line = await test.begin(agent);
      const answer = await test.post("/agent/hello", line);
      return { ...HelloResponse.parse(answer.body), epoch: line.epoch };
    },
    mcp: (session, method, params = {}) => test.post("/mcp", { jsonrpc: "2.0", id: 1, method, params }, session),
    callTool: async (session, name, args) => {
      const answer = await test.mcp(session, "tools/call", { name, arguments: args });
      const result = answer.body["result"];
      // Whatever a test is about: what a tool of ours answers is what it declares.
      if (result.isError !== true) ownOutputs[name]?.parse(result.structuredContent);
      return { ok: result.isError !== true, body: JSON.parse(result.content[0].text) };
    },
    rows: (table) =>
      db.transaction({ companyId }, (tx) => tx.queries.selectFrom(table).selectAll().orderBy("id").execute()) as Promise<Loose[]>,
    close: async () => {
      await gateway.close();
      await dispatcher.destroy();
      await model.close();
      await bus.close();
      await db.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return test;
}

/** Plain HTTP over the gateway's socket; an answer that came as an event stream is read as its one event. */
function socketClient(socketPath: string) {
  const dispatcher = new Agent({ connect: { socketPath } });
  const send = async (
    method: string,
    path: string,
    more: {
      body?: unknown;
      session?: string | undefined;
      signal?: AbortSignal | undefined;
      headers?: Record<string, string> | undefined;
    },
  ): Promise<Answer> => {
    const response = await fetch(`http://gateway${path}`, {
      method,
      dispatcher,
      headers: {
        accept: "application/json, text/event-stream",
        ...more.headers,
        ...(more.body === undefined ? {} : { "content-type": "application/json" }),
        ...(more.session === undefined ? {} : { authorization: `Bearer ${more.session}` }),
      },
      ...(more.body === undefined ? {} : { body: JSON.stringify(more.body) }),
      ...(more.signal === undefined ? {} : { signal: more.signal }),
    });
    const text = await response.text();
    const json = text.startsWith("event:") || text.startsWith("data:") ? /^data: (.*)$/m.exec(text)![1]! : text;
    return { status: response.status, headers: Object.fromEntries(response.headers), body: json === "" ? {} : JSON.parse(json) };
  };
  return { dispatcher, send };
}

/** With what the test gateways sign links to forms. */
export const links = { linkKey: "k".repeat(32), publicUrl: "http://127.0.0.1:7700" };

/** An approval, once nobody does anything with it any more. */
export const ended = (deps: CompanyDeps, id: string): Promise<ApprovalView> =>
  until(
    () => approvalView(deps, links, id),
    ({ status }) => !["waiting", "approved", "executing"].includes(status),
    60_000,
  );

/** The stored receipt that an answer names. */
export const receiptOf = async (of: Pick<TestGateway, "rows">, body: Loose): Promise<Loose> =>
  (await of.rows("receipts")).find(({ id }) => id === body["receipt"])!;

export async function until<T>(read: () => Promise<T> | T, isDone: (value: T) => boolean, msMax = 5_000): Promise<T> {
  const deadline = performance.now() + msMax;
  for (;;) {
    const value = await read();
    if (isDone(value)) return value;
    if (performance.now() > deadline) throw new Error(`not within ${msMax} ms; last seen: ${JSON.stringify(value)}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
