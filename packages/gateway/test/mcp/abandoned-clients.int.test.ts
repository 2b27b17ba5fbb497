import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { type ClientRequest, request } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Held, Listening } from "./gateway-alone.ts";

/** Each opens a connection of its own, says hello, calls a tool, and is gone before its answer came: it is the gateway's to forget. */
let gateway: ChildProcess;
let at: Listening;
const together = 40;

beforeAll(async () => {
  gateway = fork(new URL("gateway-alone.ts", import.meta.url), {
    execArgv: ["--expose-gc"],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  [at] = (await once(gateway, "message")) as [Listening];
}, 180_000);
afterAll(async () => {
  if (gateway.exitCode !== null) return;
  const gone = once(gateway, "exit");
  gateway.disconnect();
  await gone;
}, 60_000);

const open = (body: object): ClientRequest => {
  const sent = request({
    socketPath: at.socketPath,
    path: "/mcp",
    method: "POST",
    agent: false,
    headers: {
      authorization: `Bearer ${at.session}`,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
    },
  });
  sent.end(JSON.stringify({ jsonrpc: "2.0", id: 1, ...body }));
  return sent;
};

/** What it waits for is that its hello was answered, or that nobody answers it any more. */
async function abandoned(name: string): Promise<void> {
  const clientInfo = { name, version: "1" };
  const hello = open({ method: "initialize", params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo } });
  await new Promise<void>((done) => {
    hello.once("response", (answer) => {
      expect(answer.statusCode).toBe(200);
      answer.destroy();
      done();
    });
    hello.once("error", () => done());
  });
  const listed = open({ method: "tools/list", params: {} });
  await new Promise<void>((done) => {
    listed.once("error", () => done());
    listed.once("close", () => done());
    listed.once("finish", () => listed.destroy());
  });
}

async function leave(count: number): Promise<void> {
  for (let from = 0; from < count; from += together)
    await Promise.all(Array.from({ length: together }, (_, each) => abandoned(`client-${from + each}`)));
}

async function held(): Promise<Held> {
  gateway.send("what do you hold?");
  const [answer] = (await once(gateway, "message")) as [Held];
  return answer;
}

test(
  "F29 X12 a thousand clients that said hello and left leave nothing behind in the gateway's process, and the next thousand neither",
  { timeout: 900_000 },
  async () => {
    await leave(200);
    const before = await held();
    await leave(1_000);
    const once1000 = await held();
    await leave(1_000);
    const twice = await held();
    const more = (from: Held, to: Held): string =>
      `heap ${(to.heapMb - from.heapMb).toFixed(1)} MB, resident ${(to.residentMb - from.residentMb).toFixed(1)} MB`;
    process.stderr.write(
      `abandoned clients: the first 1,000 ${more(before, once1000)}; the next 1,000 ${more(once1000, twice)}; ` +
        `${twice.residentMb.toFixed(0)} MB in all\n`,
    );
    // One that kept its server would hold a few hundred kilobytes.
    expect(twice.heapMb - before.heapMb).toBeLessThan(20);
    expect(twice.residentMb - once1000.residentMb).toBeLessThan(60);
  },
);
