/**
 * Runs inside a program's container (`docker exec … node --input-type=module-typescript -`): opens the program's inspector on the
 * container's own loopback by SIGUSR1, collects all rubbish, prints as one line of JSON what memory is in use then (`code`: of V8's own for
 * functions, where no object of a program lies), and closes it again. The program is started as always, without a flag for the measurement.
 */
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import type { HeapSpaceInfo } from "node:v8";

const inspectorUrl = "http://127.0.0.1:9229/json/list";
const openWithinMs = 10_000;
/** What one collection finalizes, the next one frees. */
const collections = 3;

type Answer = Record<string, unknown>;

/** The program is what docker-init started. */
function programId(): number {
  for (const id of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const [, parent] = /^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${id}/status`, "utf8"))!;
      if (parent === "1" && readFileSync(`/proc/${id}/cmdline`, "utf8").startsWith("node\0")) return Number(id);
    } catch {
      // It has ended meanwhile.
    }
  }
  throw new Error("no node runs under the container's init");
}

async function socketUrl(): Promise<string> {
  for (const until = Date.now() + openWithinMs; ; await pause(50)) {
    try {
      const [target] = (await (await fetch(inspectorUrl)).json()) as { webSocketDebuggerUrl: string }[];
      return target!.webSocketDebuggerUrl;
    } catch (error) {
      if (Date.now() > until) throw error;
    }
  }
}

async function connect() {
  process.kill(programId(), "SIGUSR1");
  const socket = new WebSocket(await socketUrl());
  await new Promise((resolve, reject) => {
    socket.addEventListener("open", resolve);
    socket.addEventListener("error", () => reject(new Error("the inspector does not answer")));
  });
  const waiting = new Map<number, (answer: Answer) => void>();
  let last = 0;
  socket.addEventListener("message", ({ data }) => {
    const told = JSON.parse(String(data)) as { id?: number; result?: Answer; error?: unknown };
    if (told.id !== undefined) waiting.get(told.id)?.(told.result ?? { error: told.error });
  });
  const call = (method: string, params: Answer = {}): Promise<Answer> => {
    last += 1;
    const id = last;
    socket.send(JSON.stringify({ id, method, params }));
    return new Promise((resolve) => waiting.set(id, resolve));
  };
  const evaluate = async (expression: string): Promise<unknown> =>
    ((await call("Runtime.evaluate", { expression, returnByValue: true }))["result"] as { value: unknown }).value;
  /** The program's inspector ends with it: no port stays open. */
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => socket.addEventListener("close", resolve));
    void call("Runtime.evaluate", { expression: "process.getBuiltinModule('node:inspector').close()" });
    await closed;
  };
  return { call, evaluate, close };
}

const { call, evaluate, close } = await connect();
await call("HeapProfiler.enable");
for (let count = 0; count < collections; count += 1) await call("HeapProfiler.collectGarbage");
const memory = await evaluate("process.memoryUsage()");
const spaces = (await evaluate("process.getBuiltinModule('node:v8').getHeapSpaceStatistics()")) as HeapSpaceInfo[];
const code = spaces
  .filter(({ space_name: name }) => /^(code|trusted)_/.test(name))
  .reduce((sum, { space_used_size: used }) => sum + used, 0);
await close();
process.stdout.write(`${JSON.stringify({ ...(memory as NodeJS.MemoryUsage), code })}\n`);
