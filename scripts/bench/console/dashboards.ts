import { systemClock } from "../../../packages/base/src/index.ts";
import { sealEvents, transact } from "../../../packages/company/src/index.ts";
import { operatorApi } from "../../../packages/protocol/src/index.ts";
import { row, type Row } from "../measure.ts";
import { makeAsker } from "./ask.ts";
import type { FilledCompany } from "./company.ts";
import type { RunningProgram } from "./program.ts";
import { watchStream } from "./watch-stream.ts";

const eventsPerSecond = 100;
/** As `data/live.tsx` gathers changes. */
const gatherMs = { first: 150, next: 300 };
const sampleMs = 500;
const quietMs = 3_000;
/** What the overview shows and a change of tasks or decisions may change. */
const overview = [
  operatorApi.status,
  `${operatorApi.decisions}?limit=50`,
  `${operatorApi.tasks}?status=done&limit=50`,
  `${operatorApi.escalations}?status=waiting&limit=100`,
  `${operatorApi.approvals}?status=waiting&limit=100`,
];
const types = ["task.created", "decision.opened", "approval.asked", "message.sent", "run.finished"];

interface Dashboard {
  /** When each refresh began to ask and when all its answers had come. */
  refreshes: { began: number; ended: number }[];
  close(): void;
}

/** A page that stands open: it follows the stream, and asks anew as the web client does. */
async function openDashboard(url: string, cookie: string): Promise<Dashboard> {
  const asker = makeAsker(url, { cookie }, 6);
  const refreshes: Dashboard["refreshes"] = [];
  let [touched, busy, closed] = [false, false, false];
  const refresh = async (): Promise<void> => {
    busy = true;
    for (let gather = gatherMs.first; touched && !closed; gather = gatherMs.next) {
      await systemClock.sleep(gather);
      touched = false;
      const began = performance.now();
      const answers = await Promise.allSettled(overview.map((path) => asker.get(path)));
      if (answers.every(({ status }) => status === "fulfilled")) refreshes.push({ began, ended: performance.now() });
    }
    busy = false;
  };
  const stream = await watchStream(url, { cookie }, () => {
    touched = true;
    if (!busy) void refresh();
  });
  return {
    refreshes,
    close: () => {
      closed = true;
      stream.close();
      asker.close();
    },
  };
}

/** A change is shown when a refresh that began after its commit has all its answers; memory and heap are looked at meanwhile. */
export async function benchDashboards(
  { deps }: FilledCompany,
  program: RunningProgram,
  { dashboards, seconds, cookie }: { dashboards: number; seconds: number; cookie: string },
): Promise<Row[]> {
  const before = program.memoryMb();
  const open = await Promise.all(Array.from({ length: dashboards }, () => openDashboard(program.url, cookie)));
  const stop = new AbortController();
  const memory: number[] = [];
  const every = async (ms: number, run: () => unknown): Promise<void> => {
    while (!stop.signal.aborted) {
      await run();
      await systemClock.sleep(ms, stop.signal).catch(() => undefined);
    }
  };
  const beside = [every(200, () => sealEvents(deps)), every(sampleMs, () => memory.push(program.memoryMb()))];
  const changes: number[] = [];
  const began = performance.now();
  for (let at = 0; performance.now() - began < seconds * 1_000; at += 1) {
    await transact(deps, (unit) => unit.event({ type: types[at % types.length]!, source: "bench", payload: { at } }));
    changes.push(performance.now());
    const ahead = (at + 1) * (1_000 / eventsPerSecond) - (performance.now() - began);
    if (ahead > 0) await systemClock.sleep(ahead);
  }
  const rate = changes.length / ((performance.now() - began) / 1_000);
  await systemClock.sleep(quietMs);
  stop.abort();
  await Promise.all(beside);
  for (const dashboard of open) dashboard.close();
  const third = Math.max(1, Math.floor(memory.length / 3));
  const grown = mean(memory.slice(-third)) - mean(memory.slice(third, 2 * third));
  return [
    row(
      `change shown on ${dashboards} dashboards`,
      "ms",
      open.flatMap(({ refreshes }) => delays(changes, refreshes)),
      null,
    ),
    row("changes committed meanwhile", "/s", [rate], null),
    row("refreshes of all dashboards", "/s", [open.reduce((sum, { refreshes }) => sum + refreshes.length, 0) / seconds], null),
    row("console memory before dashboards", "MB", [before], null),
    row(`console memory with ${dashboards} dashboards`, "MB", memory, null),
    row("console memory, last third less the one before", "MB", [grown], null),
    row("console heap after dashboards", "MB", [await program.heapMb()], null),
  ];
}

const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

/** Both in order of time; a change that no refresh followed counts as never shown. */
function delays(changes: number[], refreshes: Dashboard["refreshes"]): number[] {
  let next = 0;
  return changes.map((at) => {
    while (next < refreshes.length && refreshes[next]!.began < at) next += 1;
    return next < refreshes.length ? refreshes[next]!.ended - at : Infinity;
  });
}
