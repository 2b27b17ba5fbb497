import { connectTools, type Tools } from "../../packages/agent/src/mcp-tools.ts";
import { Lifecycle, silentLogger } from "../../packages/base/src/index.ts";
import { transact } from "../../packages/company/src/index.ts";
import { channels } from "../../packages/protocol/src/index.ts";
import { row, type Row, timed } from "./measure.ts";
import { enter, openCompany } from "./services.ts";

const counts = [1, 10, 100] as const;
const messagesEach = 400;

/**
 * Rate and latency with 1, 10 and 100 agents that write at once, each to the next, one message after the other. They are clients of
 * a real gateway without containers: what is measured is the gateway, Postgres and Redis. The floor is one durable transaction
 * and one publish, as many at once. A rate's floor is the bare rate, so its ratio is below 1.
 */
export async function benchMessageRates(): Promise<Row[]> {
  const names = Array.from({ length: Math.max(...counts) + 1 }, (_, index) => `agent-${index + 1}`);
  const life = new Lifecycle(silentLogger);
  try {
    const { deps, bus, socketPath } = await openCompany(life, names);
    const heard = new Map<string, () => void>();
    life.add(
      "readers",
      await bus.subscribe(names.map(channels.agent), (_, body) => {
        const text = (JSON.parse(body) as { message?: { payload: { text?: string } } }).message?.payload.text;
        if (text) heard.get(text)?.();
      }),
    );
    const tools: Tools[] = [];
    for (const name of names.slice(0, -1)) {
      const { link, hello } = await enter(deps, life, socketPath, name);
      const options = { fetch: link.fetch, session: hello.session, run: deps.newId(), signal: life.signal };
      tools.push(life.add("tools", await connectTools(options)));
    }
    const send = async (sender: number, text: string): Promise<void> => {
      const arrived = new Promise<void>((resolve) => heard.set(text, resolve));
      const answer = await tools[sender]!.call("send_message", { to: names[sender + 1], type: "direct", text }, life.signal);
      if (!answer.ok) throw new Error(`send_message failed: ${answer.text}`);
      await arrived;
      heard.delete(text);
    };
    const bare = async (_: number, text: string): Promise<void> => {
      await transact(deps, (unit) => unit.event({ type: "bench.floor", source: "system", payload: { text } }));
      await bus.publish("channel:bench-floor", text);
    };
    const rows: Row[] = [];
    for (const agents of counts) {
      await together(agents, agents * 2, send, `warm-up ${agents}`);
      const floor = await together(agents, messagesEach, bare, `floor ${agents}`);
      const ours = await together(agents, messagesEach, send, `message ${agents}`);
      rows.push(row(`message-latency-${agents}`, "ms", ours.times, floor.times));
      rows.push(row(`message-rate-${agents}`, "/s", [ours.perSecond], [floor.perSecond]));
    }
    return rows;
  } finally {
    await life.close();
  }
}

/** `all` messages from `senders` at once, each sending one after the other. */
async function together(
  senders: number,
  all: number,
  send: (sender: number, text: string) => Promise<void>,
  label: string,
): Promise<{ times: number[]; perSecond: number }> {
  const times: number[] = [];
  const each = Math.ceil(all / senders);
  const whole = await timed(() =>
    Promise.all(
      Array.from({ length: senders }, async (_, sender) => {
        for (let index = 0; index < each; index += 1) times.push(await timed(() => send(sender, `${label} ${sender} ${index}`)));
      }),
    ),
  );
  return { times, perSecond: (times.length / whole) * 1_000 };
}
