import { parentPort, workerData } from "node:worker_threads";
import { connectGateway } from "../../packages/agent/src/gateway-link.ts";
import { connectTools, type Tools } from "../../packages/agent/src/mcp-tools.ts";
import { Lifecycle, silentLogger, systemClock } from "../../packages/base/src/index.ts";
import { timed } from "./measure.ts";

/** An agent whose client runs in this thread, apart from the gateway's. */
export interface Client {
  name: string;
  session: string;
  run: string;
}

/**
 * `steady`: each writes that many messages at its pace, to another of `peers` each time. `flood`: one sends as fast as it can, so many at
 * once, until it is told to end.
 */
export type FloodTask = { socketPath: string; clients: Client[]; peers: string[] } & (
  | { role: "steady"; label: string; count: number; everyMs: number }
  | { role: "flood"; atOnce: number }
);
export interface SteadyTimes {
  times: number[];
}
export interface FloodEnd {
  asked: number;
  taken: number;
  seconds: number;
}

const life = new Lifecycle(silentLogger);
const task = workerData as FloodTask;

async function open({ session, run }: Client): Promise<Tools> {
  const link = life.add("link", connectGateway({ socketPath: task.socketPath, clock: systemClock, random: Math.random }));
  link.useSession(session);
  return life.add("tools", await connectTools({ fetch: link.fetch, session, run, signal: life.signal }));
}

const send = (tools: Tools, to: string, text: string): Promise<{ ok: boolean; text: string }> =>
  tools.call("send_message", { to, type: "direct", text }, life.signal);

async function steady(own: Extract<FloodTask, { role: "steady" }>): Promise<SteadyTimes> {
  const oneWrites = async (client: Client, index: number): Promise<number[]> => {
    const tools = await open(client);
    const others = own.peers.filter((name) => name !== client.name);
    const times: number[] = [];
    // Not all in the same moment.
    await systemClock.sleep((own.everyMs / own.clients.length) * index);
    for (let turn = 0; turn < own.count; turn += 1) {
      // To another one each time: a pair that goes on and on is stopped for reasons of its own.
      const to = others[(index + turn) % others.length]!;
      const ms = await timed(async () => {
        const answer = await send(tools, to, `${own.label} ${index} ${turn}`);
        if (!answer.ok) throw new Error(`${own.label}: a message of ${client.name} was refused: ${answer.text}`);
      });
      times.push(ms);
      await systemClock.sleep(Math.max(1, own.everyMs - ms));
    }
    return times;
  };
  return { times: (await Promise.all(own.clients.map(oneWrites))).flat() };
}

/** A container has 64 files open at most, and so about as many connections. */
async function flood(own: Extract<FloodTask, { role: "flood" }>): Promise<FloodEnd> {
  let on = true;
  parentPort!.once("message", () => (on = false));
  const tools = await open(own.clients[0]!);
  const since = performance.now();
  let [asked, taken] = [0, 0];
  const lane = async (): Promise<void> => {
    while (on) {
      asked += 1;
      if ((await send(tools, own.peers[0]!, `flood ${asked}`)).ok) taken += 1;
    }
  };
  await Promise.all(Array.from({ length: own.atOnce }, lane));
  return { asked, taken, seconds: (performance.now() - since) / 1_000 };
}

try {
  parentPort!.postMessage(task.role === "steady" ? await steady(task) : await flood(task), []);
} finally {
  await life.close();
}
