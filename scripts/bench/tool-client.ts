import { parentPort, workerData } from "node:worker_threads";
import { connectGateway } from "../../packages/agent/src/gateway-link.ts";
import { connectTools } from "../../packages/agent/src/mcp-tools.ts";
import { Lifecycle, silentLogger, systemClock } from "../../packages/base/src/index.ts";
import { connectPostgres } from "../../packages/db/src/index.ts";
import { timed } from "./measure.ts";

/** What a caller of tools is given: a socket each of the gateway and of the bare server, and how long and how fast it calls. */
export interface ToolClientTask {
  gateway: { socketPath: string; session: string; run: string };
  direct: { socketPath: string; session: string; run: string };
  /** Where the floor's commits are made. */
  database: { url: string; companyId: string };
  seconds: number;
  perSecond: number;
  warm: number;
}

/** Milliseconds of each call, round by round. */
export interface ToolClientTimes {
  through: number[][];
  /** Whose receipt is on disk before the answer. */
  guarded: number[][];
  direct: number[][];
  commits: number[][];
}

const rounds = 6;
/** Calls before each round that are not counted: who stood still meanwhile is in its steady state again. For both alike. */
const leadInSeconds = 1;

/** Calls that begin at a steady rate whatever the earlier ones do. */
async function atRate({ perSecond, seconds }: ToolClientTask, call: () => Promise<void>): Promise<number[]> {
  const start = performance.now();
  const leadIn = leadInSeconds * perSecond;
  const all: Promise<number>[] = [];
  for (let at = 0; at < leadIn + Math.round((seconds / rounds) * perSecond); at += 1) {
    const wait = start + (at * 1_000) / perSecond - performance.now();
    if (wait > 0) await systemClock.sleep(wait);
    all.push(timed(call));
  }
  return (await Promise.all(all)).slice(leadIn);
}

async function measure(task: ToolClientTask): Promise<ToolClientTimes> {
  const life = new Lifecycle(silentLogger);
  try {
    const open = async ({ socketPath, session, run }: ToolClientTask["gateway"]) => {
      const link = life.add("link", connectGateway({ socketPath, clock: systemClock, random: Math.random }));
      link.useSession(session);
      return life.add("tools", await connectTools({ fetch: link.fetch, session, run, signal: life.signal }));
    };
    const [through, direct] = [await open(task.gateway), await open(task.direct)];
    const call =
      (tools: typeof through, name = "echo") =>
      async (): Promise<void> => {
        const answer = await tools.call(name, { text: "hello" }, life.signal);
        if (!answer.ok) throw new Error(`${name} failed: ${answer.text}`);
      };
    const { url, companyId } = task.database;
    const database = life.add("database", connectPostgres({ url, clock: systemClock, log: silentLogger }));
    const commit = async (): Promise<void> => void (await database.call(companyId, "aito_bench_commit", {}));
    const times: ToolClientTimes = { through: [], guarded: [], direct: [], commits: [] };
    const guarded = call(through, "echo_guarded");
    for (let at = 0; at < task.warm; at += 1) await Promise.all([call(direct)(), call(through)(), guarded(), commit()]);
    for (let round = 0; round < rounds; round += 1) {
      times.direct.push(await atRate(task, call(direct)));
      times.commits.push(await atRate(task, commit));
      times.through.push(await atRate(task, call(through)));
      times.guarded.push(await atRate(task, guarded));
    }
    return times;
  } finally {
    await life.close();
  }
}

parentPort?.postMessage(await measure(workerData as ToolClientTask), []);
