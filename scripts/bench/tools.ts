import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { connectTools } from "../../packages/agent/src/mcp-tools.ts";
import { Lifecycle, silentLogger } from "../../packages/base/src/index.ts";
import type { Bus } from "../../packages/bus/src/index.ts";
import {
  answerApproval,
  approvalView,
  type CompanyDeps,
  createTask,
  decideCall,
  type PolicyCall,
  type PolicyFacts,
  transact,
} from "../../packages/company/src/index.ts";
import type { Database } from "../../packages/db/src/index.ts";
import { bareMcp, benchedTools } from "../../packages/gateway/test/bench-tools.ts";
import { agentApi, PollResponse } from "../../packages/protocol/src/index.ts";
import { overheadRow, roundsRow, row, type Row, timed } from "./measure.ts";
import { enter, openCompany } from "./services.ts";
import type { ToolClientTask, ToolClientTimes } from "./tool-client.ts";

const perSecond = 200;
const policyCalls = 50_000;
const presses = 200;
const warmCalls = 100;
const countedCalls = 50;

/**
 * What stands between an agent and a tool. `tool call` is a call of a tool that does nothing, 200 a second, through the gateway (session,
 * grants, policy, signed receipt); its floor is the same tool on a bare MCP server on a unix socket, in the same run. It only reads our own
 * records, so that its receipt gets to the disk after the answer. `guarded` is the same with one that is there before, as of every call that
 * changes, costs or reaches something: one durable commit is measured beside it, and the overhead over both is a row of its own. Who calls is
 * a thread of its own: what a client takes is in none of them. `approval` is from the human's press to the effect; its floor is one durable
 * transaction and one publish.
 */
export async function benchTools(options: { seconds: number }): Promise<Row[]> {
  const life = new Lifecycle(silentLogger);
  try {
    const effects = new Map<string, () => void>();
    const counted = { trips: 0 };
    const { deps, bus, socketPath, postgresUrl } = await openCompany(life, [], {
      durable: true,
      moreTools: benchedTools(effects),
      grants: ["public", "internal", "personal"],
      wrapDatabase: (db) => countingDatabase(db, counted),
    });
    const agent = await enter(deps, life, socketPath, "cmo");
    // In a run, as every agent is that calls tools.
    await createTask(deps, "operator", { title: "Call tools", assignTo: "cmo" });
    const { run } = await agent.link.post(agentApi.poll, { waitMs: 0 }, PollResponse);
    if (!run) throw new Error("the agent was given no run");
    const through = life.add(
      "tools",
      await connectTools({ fetch: agent.link.fetch, session: agent.hello.session, run: run.id, signal: life.signal }),
    );
    const task: ToolClientTask = {
      gateway: { socketPath, session: agent.hello.session, run: run.id },
      direct: { socketPath: await bareServer(life), session: "none", run: "0190b2c4-0000-7000-8000-000000000000" },
      database: { url: postgresUrl, companyId: deps.companyId },
      seconds: options.seconds,
      perSecond,
      warm: warmCalls,
    };
    const times = await inItsOwnThread(task);
    const withCommit = times.direct.map((round, index) => withEach(round, times.commits[index]!));
    return [
      benchPolicy(),
      roundsRow("tool call, direct, 200/s", times.direct, null),
      roundsRow("one durable commit, 200/s", times.commits, null),
      roundsRow("tool call through the gateway, 200/s", times.through, times.direct),
      overheadRow("tool call over the direct one, 200/s", times.through, times.direct),
      roundsRow("guarded tool call through the gateway, 200/s", times.guarded, times.direct),
      overheadRow("guarded tool call over the direct one and a durable commit, 200/s", times.guarded, withCommit),
      row("database transactions of one tool call", "calls", await tripsOf(counted, through, life), null),
      await benchPress({ deps, bus, call: (id) => through.call("bench_effect", { id }, life.signal), effects, life }),
    ];
  } finally {
    await life.close();
  }
}

/** Each call with one of the commits. */
const withEach = (calls: number[], commits: number[]): number[] => calls.map((ms, at) => ms + commits[at % commits.length]!);

const inItsOwnThread = async (task: ToolClientTask): Promise<ToolClientTimes> =>
  await new Promise((done, failed) => {
    const worker = new Worker(new URL("./tool-client.ts", import.meta.url), { workerData: task });
    worker.once("message", done);
    worker.once("error", failed);
  });

/** Counts what waits for the database: each is at least one round trip and a commit. */
const countingDatabase = (db: Database, counted: { trips: number }): Database => ({
  kind: db.kind,
  transaction: (scope, run) => {
    counted.trips += 1;
    return db.transaction(scope, run);
  },
  call: (company, name, argument) => {
    counted.trips += 1;
    return db.call(company, name, argument);
  },
  findOrCreateCompany: (company) => db.findOrCreateCompany(company),
  findCompany: (slug) => db.findCompany(slug),
  ping: () => db.ping(),
  close: () => db.close(),
});

/** One call after another, so that no receipt is written together with another one's. */
async function tripsOf(
  counted: { trips: number },
  tools: { call(name: string, args: object, signal: AbortSignal): Promise<unknown> },
  life: Lifecycle,
): Promise<number[]> {
  const each: number[] = [];
  for (let at = 0; at < countedCalls; at += 1) {
    const before = counted.trips;
    await tools.call("echo", { text: "hello" }, life.signal);
    each.push(counted.trips - before);
  }
  return each;
}

async function bareServer(life: Lifecycle): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "aito-bench-"));
  life.onClose("folder", () => rmSync(folder, { recursive: true, force: true }));
  const socketPath = join(folder, "bare.sock");
  life.add("bare server", await bareMcp(socketPath));
  return socketPath;
}

/** One decision of the policy, with as many grants and permissions as a busy company has. */
function benchPolicy(): Row {
  const call: PolicyCall = {
    tool: "publish_text",
    risk: "dangerous",
    dataClass: "public",
    arguments: { title: "News", text: "Words.", usd: 5 },
    argumentsDigest: "digest",
    amountMicroUsd: 5_000_000n,
  };
  const tools = Array.from({ length: 100 }, (_, at) => `tool_${at}`);
  const facts: PolicyFacts = {
    layers: {
      company: [...tools, "public"],
      role: [...tools, "public"],
      client: [...tools, "public"],
      task: [...tools, "public"],
      holder: "cmo",
      exclusive: { web: ["scout"] },
    },
    sees: ["internal"],
    autonomy: { mode: "autonomous", releases: ["publish_text"] },
    taint: null,
    permit: null,
    standing: Array.from({ length: 50 }, (_, at) => ({
      id: String(at),
      name: `permission-${at}`,
      tool: "publish_text",
      constraints: [
        { path: "title", is: "one_of" as const, value: tools },
        { path: "usd", is: "at_most" as const, value: 10 },
      ],
      timesLeft: 10,
      leftMicroUsd: 10_000_000n,
    })),
    rate: { used: 1, times: 10, per: "hour" },
    waiting: { now: 0, max: 20 },
  };
  const taken: number[] = [];
  for (let at = 0; at < policyCalls; at += 1) {
    const start = performance.now();
    decideCall(call, facts);
    taken.push(performance.now() - start);
  }
  return row("policy decision", "ms", taken.slice(1_000), null);
}

async function benchPress(given: {
  deps: CompanyDeps;
  bus: Bus;
  call: (id: string) => Promise<{ ok: boolean; text: string }>;
  effects: Map<string, () => void>;
  life: Lifecycle;
}): Promise<Row> {
  const { deps, bus, effects } = given;
  const heard = new Map<string, () => void>();
  given.life.add("floor", await bus.subscribe(["channel:bench-floor"], (_, body) => heard.get(body)?.()));
  const [ours, floors]: [number[], number[]] = [[], []];
  for (let at = 0; at < presses; at += 1) {
    const id = `effect ${at}`;
    const asked = JSON.parse((await given.call(id)).text) as { approval_id: string };
    const { digest } = await approvalView(deps, null, asked.approval_id);
    floors.push(
      await timed(async () => {
        const arrived = new Promise<void>((resolve) => heard.set(id, resolve));
        await transact(deps, (unit) => unit.event({ type: "bench.floor", source: "system", payload: { id } }));
        await bus.publish("channel:bench-floor", id);
        await arrived;
      }),
    );
    const start = performance.now();
    const done = new Promise<number>((resolve) => effects.set(id, () => resolve(performance.now() - start)));
    await answerApproval(deps, { id: asked.approval_id, by: "operator", answer: { answer: "approve", digest } });
    ours.push(await done);
  }
  return row("approval: press to effect", "ms", ours, floors);
}
