import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { Lifecycle, newToken, silentLogger, systemClock } from "../../packages/base/src/index.ts";
import { type CompanyDeps, createTask, sealEvents, transact } from "../../packages/company/src/index.ts";
import { operatorApi } from "../../packages/protocol/src/index.ts";
import { fillHistory, fillTasks, waitFor } from "../../packages/testkit/src/index.ts";
import { benchPages } from "./console-pages.ts";
import { row, type Row, timed } from "./measure.ts";
import { openCompany, type Services } from "./services.ts";
import { watchStream } from "./watch-stream.ts";

export interface ConsoleLoad {
  agents: number;
  tasks: number;
  events: number;
  dashboards: number;
  seconds: number;
}

const program = new URL("../../packages/console/src/main.ts", import.meta.url).pathname;
const readyMs = 60_000;
const reads = 60;
const creates = 200;
const parallel = 32;
const parallelRounds = 16;
const eventsPerSecond = 100;
const lists = [
  operatorApi.tasks,
  `${operatorApi.tasks}?status=pending`,
  `${operatorApi.tasks}?agent=cmo`,
  operatorApi.decisions,
  operatorApi.messages,
  operatorApi.events,
  `${operatorApi.events}?types=run.finished`,
  operatorApi.ideas,
  operatorApi.receipts,
  operatorApi.approvals,
  operatorApi.escalations,
  operatorApi.status,
  operatorApi.operations,
  operatorApi.org,
  operatorApi.budgets,
];

/**
 * The console as a program of its own over a real Postgres and Redis that hold `agents`, `tasks` and `events`: its lists over HTTP (the
 * floor is `/healthz`, which asks Postgres once), tasks made one by one and 32 at once (the floor is one durable transaction), pages in
 * Chromium, its memory, and `dashboards` that follow a hundred changes a second.
 */
export async function benchConsole(load: ConsoleLoad): Promise<Row[]> {
  const life = new Lifecycle(silentLogger);
  try {
    const names = Array.from({ length: Math.max(0, load.agents - 7) }, (_, at) => `agent-${at + 1}`);
    const services = await openCompany(life, names);
    await fillHistory(services.deps, Math.ceil(load.events / 10_000) * 10_000);
    await fillTasks(services.deps, load.tasks);
    while ((await sealEvents(services.deps)) > 0);
    const running = await startProgram(life, services);
    return [
      ...(await benchLists(running)),
      ...(await benchCreates(services.deps)),
      ...(await benchPages(running)),
      ...(await benchDashboards(services.deps, running, load)),
    ];
  } finally {
    await life.close();
  }
}

interface Running {
  url: string;
  key: string;
  pid: number;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function startProgram(life: Lifecycle, { postgresUrl, redisUrl }: Services): Promise<Running> {
  const [port, metrics] = [await freePort(), await freePort()];
  const key = newToken("op");
  const child = spawn(process.execPath, [program], {
    stdio: "ignore",
    env: {
      PATH: process.env["PATH"],
      POSTGRES_URL: postgresUrl,
      REDIS_URL: redisUrl,
      AITO_COMPANY: "bench",
      AITO_HOST: "127.0.0.1",
      AITO_PORT: String(port),
      AITO_METRICS_PORT: String(metrics),
      AITO_LINK_KEY: newToken("key"),
      AITO_OPERATOR_KEY_HASH: createHash("sha256").update(key).digest("hex"),
      LOG_LEVEL: "error",
    },
  });
  life.onClose("console", () => void child.kill("SIGKILL"));
  const url = `http://127.0.0.1:${port}`;
  await waitFor(
    () =>
      fetch(`${url}/healthz`).then(
        (answer) => answer.ok,
        () => false,
      ),
    (ok) => ok,
    readyMs,
  );
  return { url, key, pid: child.pid! };
}

async function benchLists({ url, key }: Running): Promise<Row[]> {
  const rows: Row[] = [];
  for (const path of lists) {
    const ours: number[] = [];
    const floors: number[] = [];
    for (let read = 0; read < reads; read += 1) {
      floors.push(await timed(() => fetch(`${url}/healthz`).then((answer) => answer.text())));
      ours.push(await timed(() => listed(`${url}${path}`, key)));
    }
    rows.push(row(`GET ${path}`, "ms", ours, floors));
  }
  return rows;
}

async function listed(address: string, key: string): Promise<void> {
  const answer = await fetch(address, { headers: { authorization: `Bearer ${key}` } });
  const body = await answer.text();
  if (!answer.ok) throw new Error(`${address}: ${answer.status} ${body.slice(0, 200)}`);
}

async function benchCreates(deps: CompanyDeps): Promise<Row[]> {
  const create = (at: number): Promise<unknown> =>
    createTask(deps, "operator", { title: `Made at once ${at}`, description: "As a human asks for it.", assignTo: "cmo" });
  const ours: number[] = [];
  const floors: number[] = [];
  for (let at = 0; at < creates; at += 1) {
    floors.push(await timed(() => transact(deps, (unit) => unit.event({ type: "bench.floor", source: "system", payload: {} }))));
    ours.push(await timed(() => create(at)));
  }
  const rates: number[] = [];
  for (let round = 0; round < parallelRounds; round += 1) {
    const ms = await timed(() => Promise.all(Array.from({ length: parallel }, (_, at) => create(round * parallel + at))));
    rates.push((parallel * 1_000) / ms);
  }
  return [row("task created", "ms", ours, floors), row(`tasks created, ${parallel} at once`, "/s", rates, null)];
}

const memoryMb = (pid: number): number => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))![1]) / 1_024;

/** Each change is shown when the first bell or event after it has come: the page then asks anew. */
async function benchDashboards(deps: CompanyDeps, { url, key, pid }: Running, load: ConsoleLoad): Promise<Row[]> {
  const watchers = await Promise.all(Array.from({ length: load.dashboards }, () => watchStream(url, key)));
  const stop = new AbortController();
  const sealing = (async () => {
    while (!stop.signal.aborted) {
      await sealEvents(deps);
      await systemClock.sleep(100, stop.signal).catch(() => undefined);
    }
  })();
  const before = memoryMb(pid);
  const changes: number[] = [];
  const began = performance.now();
  for (let at = 0; performance.now() - began < load.seconds * 1_000; at += 1) {
    await transact(deps, (unit) => unit.event({ type: "task.created", source: "bench", payload: { at } }));
    changes.push(performance.now());
    const ahead = (at + 1) * (1_000 / eventsPerSecond) - (performance.now() - began);
    if (ahead > 0) await systemClock.sleep(ahead, stop.signal);
  }
  await systemClock.sleep(3_000, stop.signal);
  stop.abort();
  await sealing;
  for (const watcher of watchers) watcher.close();
  const shown = watchers.flatMap(({ frames }) => delays(changes, frames));
  return [
    row(`change shown on ${load.dashboards} dashboards`, "ms", shown, null),
    row("console memory before dashboards", "MB", [before], null),
    row("console memory after dashboards", "MB", [memoryMb(pid)], null),
  ];
}

/** Both in order of time; a change that no frame followed counts as never shown. */
function delays(changes: number[], frames: number[]): number[] {
  let next = 0;
  return changes.map((at) => {
    while (next < frames.length && frames[next]! < at) next += 1;
    return next < frames.length ? frames[next]! - at : Infinity;
  });
}
