import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { silentLogger, systemClock } from "@aito/base";
import { type Bus, memoryBus } from "@aito/bus";
import { verifyWebhook } from "@aito/connectors";
import { channels } from "@aito/protocol";
import { afterEach, expect, test } from "vitest";
import type { GatewayContext } from "../gateway-context.ts";
import { type Notice, sendNotices } from "./send-notices.ts";

const secret = "the receiver's secret";
const closers: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

/** A receiver that answers with the given statuses, and records that are kept in memory. */
async function setUp(statuses: number[]) {
  const seen: { genuine: boolean; id: unknown; body: Record<string, unknown> }[] = [];
  const server: Server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      const genuine = verifyWebhook({ secret, headers: request.headers, body: text, now: new Date() });
      seen.push({ genuine, id: request.headers["x-aito-event-id"], body: JSON.parse(text) as Record<string, unknown> });
      response.writeHead(statuses[Math.min(seen.length, statuses.length) - 1]!).end();
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  closers.push(() => new Promise((done) => (server.closeAllConnections(), server.close(done))));
  const bus: Bus = memoryBus({ clock: systemClock });
  closers.push(() => bus.close());
  const waiting: Notice[] = [];
  const done: string[] = [];
  const stop = new AbortController();
  const context = {
    bus,
    clock: systemClock,
    log: silentLogger,
    signal: stop.signal,
    deps: { rehearsal: true },
  } as unknown as GatewayContext;
  const notices = await sendNotices(context, {
    webhook: { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, secret },
    records: {
      pending: async () => waiting.filter((notice) => !done.includes(`sent ${notice.id}`)),
      sent: async (id) => void done.push(`sent ${id}`),
      failed: async (id, error) => {
        waiting.find((notice) => notice.id === id)!.attempts += 1;
        done.push(`failed ${id}: ${error}`);
      },
    },
  });
  closers.push(async () => (stop.abort(), await notices.close()));
  const escalate = async (id: string): Promise<void> => {
    waiting.push({
      id,
      attempts: 0,
      decision: { id: "d1", title: "Buy ads" },
      reason: "deadlock",
      url: "http://127.0.0.1:7700/e/x",
      expiresAt: "2026-11-22T00:00:00Z",
    });
    await bus.publish(channels.console, "{}");
  };
  return { seen, done, escalate };
}

const until = async (what: () => boolean): Promise<void> => {
  const deadline = performance.now() + 10_000;
  while (!what()) {
    if (performance.now() > deadline) throw new Error("it did not happen in 10 s");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

test("a waiting escalation is told once, signed, with its link", async () => {
  const { seen, done, escalate } = await setUp([200]);
  await escalate("e1");
  await until(() => done.length > 0);
  expect(done).toEqual(["sent e1"]);
  expect(seen).toEqual([
    {
      genuine: true,
      id: "e1",
      body: {
        type: "escalation.waiting",
        rehearsal: true,
        decision: { id: "d1", title: "Buy ads" },
        reason: "deadlock",
        url: "http://127.0.0.1:7700/e/x",
        expiresAt: "2026-11-22T00:00:00Z",
      },
    },
  ]);
});

test("a receiver that is busy is tried again with the same event id, and each attempt is recorded", async () => {
  const { seen, done, escalate } = await setUp([503, 200]);
  await escalate("e2");
  await until(() => done.length === 2);
  expect(done).toEqual(["failed e2: the receiver answered 503", "sent e2"]);
  expect(seen.map((each) => each.id)).toEqual(["e2", "e2"]);
});
