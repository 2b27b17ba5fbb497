import { connectTools, type Tools } from "../../packages/agent/src/mcp-tools.ts";
import { Lifecycle, silentLogger } from "../../packages/base/src/index.ts";
import { listMessages } from "../../packages/company/src/index.ts";
import { row, type Row, timed } from "./measure.ts";
import { enter, openCompany } from "./services.ts";

const others = 8;
const each = 12;
/** Below what an agent may send for long. */
const everyMs = 1_000;
const floodAtOnce = 64;
const flooder = "flooder";

/**
 * F20: agents that write at their pace, first alone and then beside one that sends as fast as it can, 64 calls at once, under the limits
 * that a company has. The floor of their latency is their own without the flood; what was taken of the flood must stand in the record.
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
    const send = async (from: string, to: string, text: string): Promise<boolean> =>
      (await tools.get(from)!.call("send_message", { to, type: "direct", text }, life.signal)).ok;
    const steady = async (label: string): Promise<number[]> => {
      const times: number[] = [];
      const one = async (index: number): Promise<void> => {
        for (let turn = 0; turn < each; turn += 1) {
          const text = `${label} ${index} ${turn}`;
          const ms = await timed(async () => {
            if (!(await send(`agent-${index + 1}`, `agent-${index + 2}`, text))) throw new Error(`${text} was refused`);
          });
          times.push(ms);
          await new Promise((resolve) => setTimeout(resolve, Math.max(0, everyMs - ms)));
        }
      };
      await Promise.all(Array.from({ length: others }, (_, index) => one(index)));
      return times;
    };
    await steady("warm-up");
    const alone = await steady("alone");
    const flood = { on: true, asked: 0, taken: 0 };
    const flooding = Promise.all(
      Array.from({ length: floodAtOnce }, async () => {
        while (flood.on) {
          flood.asked += 1;
          if (await send(flooder, "agent-1", `flood ${flood.asked}`)) flood.taken += 1;
        }
      }),
    );
    const beside = await steady("beside the flood");
    flood.on = false;
    await flooding;
    const stored = (await listMessages(deps, { limit: 200 })).filter((message) => message.from === flooder).length;
    if (stored !== Math.min(flood.taken, 200)) throw new Error(`${flood.taken} of the flood were taken, ${stored} are stored`);
    return [
      row("flood: others' message", "ms", beside, alone),
      row("flood: asked of one sender", "calls", [flood.asked], null),
      row("flood: taken of it", "calls", [flood.taken], [flood.asked]),
    ];
  } finally {
    await life.close();
  }
}
