import { connectTools } from "../../packages/agent/src/mcp-tools.ts";
import { Lifecycle, silentLogger, systemClock } from "../../packages/base/src/index.ts";
import { type Bus, connectBell } from "../../packages/bus/src/index.ts";
import { type CompanyDeps, transact } from "../../packages/company/src/index.ts";
import { benchMessageRates } from "./message-rates.ts";
import { row, type Row, timed } from "./measure.ts";
import { enter, openCompany } from "./services.ts";

const warmUp = 50;
const messages = 500;

/**
 * From the sender's tool call to the reader's bell with that message: MCP over the unix socket, one durable transaction, Redis.
 * The floor is one durable transaction and one Redis publish heard by a subscriber, without anything of ours between.
 */
export async function benchMessage(): Promise<Row[]> {
  const life = new Lifecycle(silentLogger);
  try {
    const { deps, bus, redisSocket, socketPath } = await openCompany(life);
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
    return [row("message", "ms", ours, floors), ...(await benchMessageRates())];
  } finally {
    await life.close();
  }
}

async function floorOf(deps: CompanyDeps, bus: Bus, life: Lifecycle): Promise<(text: string) => Promise<void>> {
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
