import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Lifecycle, makeNewId, newToken, sha256, silentLogger, systemClock } from "../../packages/base/src/index.ts";
import { connectBell, connectRedisBus, deliverOver } from "../../packages/bus/src/index.ts";
import { connectGateway, type GatewayLink } from "../../packages/agent/src/gateway-link.ts";
import { connectTools } from "../../packages/agent/src/mcp-tools.ts";
import { beginIncarnation, type CompanyDeps, loadPack, registerFleet, transact } from "../../packages/company/src/index.ts";
import { connectPostgres } from "../../packages/db/src/index.ts";
import { startGateway } from "../../packages/gateway/src/index.ts";
import { agentApi, HelloResponse } from "../../packages/protocol/src/index.ts";
import { startPostgres, startRedis } from "../../packages/testkit/src/index.ts";
import { row, type Row, timed } from "./measure.ts";

const warmUp = 50;
const messages = 500;

/**
 * From the sender's tool call to the reader's bell with that message: MCP over the unix socket, one durable transaction, Redis.
 * The floor is one durable transaction and one Redis publish heard by a subscriber, without anything of ours between.
 */
export async function benchMessage(): Promise<Row[]> {
  const life = new Lifecycle(silentLogger);
  const folder = mkdtempSync(join(tmpdir(), "aito-bench-"));
  life.onClose("folder", () => rmSync(folder, { recursive: true, force: true }));
  try {
    const { deps, bus, redisSocket } = await openCompany(life);
    const socketPath = join(folder, "gateway.sock");
    const keys = { publicUrl: "http://127.0.0.1", linkKey: newToken("key"), receiptKey: newToken("key") };
    const upstream = { baseUrl: "http://127.0.0.1:9", apiKey: null, name: "rehearsal" as const };
    life.add("gateway", await startGateway({ deps, bus, log: silentLogger, clock: systemClock, socketPath, upstream, ...keys }));
    const sender = await enter(deps, life, socketPath, "cmo");
    const reader = await enter(deps, life, socketPath, "cto");
    const bell = life.add(
      "bell",
      await connectBell({ ...reader.hello.redis!, socketPath: redisSocket, log: silentLogger, clock: systemClock }),
    );
    const waiting = new Map<string, () => void>();
    bell.onRing((_, body) => {
      const text = (JSON.parse(body) as { message?: { payload: { text: string } } }).message?.payload.text;
      if (text) waiting.get(text)?.();
    });
    const tools = life.add(
      "tools",
      await connectTools({ fetch: sender.link.fetch, session: sender.hello.session, run: deps.newId(), signal: life.signal }),
    );
    const send = async (text: string): Promise<number> => {
      const start = performance.now();
      const heard = new Promise<number>((resolve) => waiting.set(text, () => resolve(performance.now() - start)));
      const answer = await tools.call("send_message", { to: "cto", type: "direct", text }, life.signal);
      if (!answer.ok) throw new Error(`send_message failed: ${answer.text}`);
      const ms = await heard;
      waiting.delete(text);
      return ms;
    };
    const bare = await floorOf(deps, bus, life);
    for (let index = 0; index < warmUp; index += 1) await send(`warm-up ${index}`);
    const ours: number[] = [];
    const floors: number[] = [];
    for (let index = 0; index < messages; index += 1) {
      floors.push(await timed(() => bare(`floor ${index}`)));
      ours.push(await send(`message ${index}`));
    }
    return [row("message", "ms", ours, floors)];
  } finally {
    await life.close();
  }
}

async function openCompany(
  life: Lifecycle,
): Promise<{ deps: CompanyDeps; bus: Awaited<ReturnType<typeof connectRedisBus>>; redisSocket: string }> {
  const postgres = await startPostgres();
  life.onClose("postgres", () => postgres.stop());
  const redis = await startRedis();
  life.onClose("redis", () => redis.stop());
  const { url } = await postgres.database();
  const db = life.add("database", connectPostgres({ url, clock: systemClock, log: silentLogger }));
  const bus = life.add("bus", await connectRedisBus({ url: redis.url, log: silentLogger, clock: systemClock }));
  const newId = makeNewId(systemClock.now);
  const companyId = await db.findOrCreateCompany({ id: newId(), slug: "bench", name: "Bench" });
  const deps: CompanyDeps = { db, companyId, clock: systemClock, newId, deliver: deliverOver(bus), rehearsal: true };
  await registerFleet(deps, await loadPack(new URL("../../profiles/aito/fleet.yaml", import.meta.url).pathname));
  return { deps, bus, redisSocket: redis.socketPath };
}

async function enter(
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

async function floorOf(
  deps: CompanyDeps,
  bus: Awaited<ReturnType<typeof connectRedisBus>>,
  life: Lifecycle,
): Promise<(text: string) => Promise<void>> {
  const heard = new Map<string, () => void>();
  life.add("floor", await bus.subscribe(["channel:bench-floor"], (_, body) => heard.get(body)?.()));
  return async (text) => {
    const arrived = new Promise<void>((resolve) => heard.set(text, resolve));
    await transact(deps, (unit) => unit.event({ type: "bench.floor", source: "system", payload: { text } }));
    await bus.publish("channel:bench-floor", text);
    await arrived;
    heard.delete(text);
  };
}
