import { connectTools, type Tools } from "../../packages/agent/src/mcp-tools.ts";
import { Lifecycle, silentLogger } from "../../packages/base/src/index.ts";
import { listMessages } from "../../packages/company/src/index.ts";
import { row, type Row, timed } from "./measure.ts";
import { enter, openCompany } from "./services.ts";

const others = 8;
/** All of a run together stay below what an agent may send within a minute. */
const turns = { warmUp: 3, alone: 10, beside: 10 } as const;
const everyMs = 2_200;
const floodAtOnce = 64;
const flooder = "flooder";
const listedMax = 200;

/**
 * F20: agents that write at their pace, first alone and then beside one that sends as fast as it can, 64 calls at once, under the limits
 * that a company has. The floor of their latency is their own without the flood; what was taken of the flood must stand in the record, and
 * nothing else of it. The flooding client shares this process with the gateway, so that what it costs itself is in the others' figure.
 */
export async function benchFlood(): Promise<Row[]> {
  const names = [...Array.from({ length: others + 1 }, (_, index) => `agent-${index + 1}`), flooder];
  const life = new Lifecycle(silentLogger);
  try {
    const { deps, socketPath } = await openCompany(life, names, { bounded: true });
    const tools = new Map<string, Tools>();
    for (const name of names) {
      const { link, hello } = await enter(deps, life, socketPath, name);
      const options = { fetch: link.fetch, session: hello.session, run: deps.newId(), signal: life.signal };
      tools.set(name, life.add("tools", await connectTools(options)));
    }
    const send = (from: string, to: string, text: string): Promise<{ ok: boolean; text: string }> =>
      tools.get(from)!.call("send_message", { to, type: "direct", text }, life.signal);
    const oneWrites = async (index: number, { label, count }: { label: string; count: number }): Promise<number[]> => {
      const times: number[] = [];
      for (let turn = 0; turn < count; turn += 1) {
        // To another one each time: a pair that goes on and on is stopped for reasons of its own.
        const to = `agent-${((index + 1 + (turn % others)) % (others + 1)) + 1}`;
        const ms = await timed(async () => {
          const answer = await send(`agent-${index + 1}`, to, `${label} ${index} ${turn}`);
          if (!answer.ok) throw new Error(`${label}: a message of agent-${index + 1} was refused: ${answer.text}`);
        });
        times.push(ms);
        await new Promise((resolve) => setTimeout(resolve, Math.max(0, everyMs - ms)));
      }
      return times;
    };
    const steady = async (label: string, count: number): Promise<number[]> =>
      (await Promise.all(Array.from({ length: others }, (_, index) => oneWrites(index, { label, count })))).flat();
    await steady("warm-up", turns.warmUp);
    const alone = await steady("alone", turns.alone);
    const flood = startFlood((text) => send(flooder, "agent-1", text));
    const beside = await steady("beside the flood", turns.beside).finally(() => flood.end());
    const { asked, taken, seconds } = await flood.end();
    const stored = (await listMessages(deps, { limit: listedMax })).filter((message) => message.from === flooder).length;
    if (stored !== Math.min(taken, listedMax)) throw new Error(`${taken} of the flood were taken, ${stored} are stored`);
    return [
      row("flood: others' message", "ms", beside, alone),
      row("flood: asked by one sender", "/s", [asked / seconds], null),
      row("flood: taken of it", "calls", [taken], [asked]),
    ];
  } finally {
    await life.close();
  }
}

interface FloodEnd {
  asked: number;
  taken: number;
  seconds: number;
}

/** Sends without a pause until it is ended, which whoever begins it does in any case: it would go on for ever. */
function startFlood(send: (text: string) => Promise<{ ok: boolean }>): { end(): Promise<FloodEnd> } {
  const since = performance.now();
  let [on, asked, taken] = [true, 0, 0];
  let seconds = 0;
  const lane = async (): Promise<void> => {
    while (on) {
      asked += 1;
      if ((await send(`flood ${asked}`)).ok) taken += 1;
    }
  };
  const lanes = Promise.all(Array.from({ length: floodAtOnce }, lane));
  return {
    end: async () => {
      if (on) seconds = (performance.now() - since) / 1_000;
      on = false;
      await lanes;
      return { asked, taken, seconds };
    },
  };
}
