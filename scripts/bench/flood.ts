import { Worker } from "node:worker_threads";
import { Lifecycle, silentLogger } from "../../packages/base/src/index.ts";
import { listMessages } from "../../packages/company/src/index.ts";
import type { Client, FloodEnd, FloodTask, SteadyTimes } from "./flood-client.ts";
import { row, type Row } from "./measure.ts";
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
 * nothing else of it. Each side's client runs in a thread of its own, as each agent in its container; they share two processors with the
 * gateway and its database.
 */
export async function benchFlood(): Promise<Row[]> {
  const peers = Array.from({ length: others + 1 }, (_, index) => `agent-${index + 1}`);
  const life = new Lifecycle(silentLogger);
  try {
    const { deps, socketPath } = await openCompany(life, [...peers, flooder], { bounded: true });
    const client = async (name: string): Promise<Client> => {
      const { hello } = await enter(deps, life, socketPath, name);
      return { name, session: hello.session, run: deps.newId() };
    };
    const clients = await Promise.all(peers.slice(0, others).map(client));
    const steady = async (label: string, count: number): Promise<number[]> => {
      const { over } = inThread<SteadyTimes>({ role: "steady", socketPath, clients, peers, label, count, everyMs });
      return (await over).times;
    };
    await steady("warm-up", turns.warmUp);
    const alone = await steady("alone", turns.alone);
    const flood = inThread<FloodEnd>({
      role: "flood",
      socketPath,
      clients: [await client(flooder)],
      peers,
      atOnce: floodAtOnce,
    });
    const beside = await steady("beside the flood", turns.beside).finally(() => flood.end());
    const { asked, taken, seconds } = await flood.over;
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

function inThread<T>(task: FloodTask): { over: Promise<T>; end(): void } {
  const worker = new Worker(new URL("./flood-client.ts", import.meta.url), { workerData: task });
  const over = new Promise<T>((resolve, reject) => {
    worker.once("message", resolve);
    worker.once("error", reject);
    worker.once("exit", (code) => reject(new Error(`a client's thread ended with ${code}`)));
  });
  // Whoever waits for it later hears of a failure then.
  over.catch(() => undefined);
  return { over, end: () => worker.postMessage("end", []) };
}
