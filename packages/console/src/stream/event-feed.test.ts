import { type Clock, silentLogger } from "@aito/base";
import type { OnMessage } from "@aito/bus";
import { channels } from "@aito/protocol";
import { expect, test } from "vitest";
import type { Records } from "../records.ts";
import { bellGatherMs, startEventFeed } from "./event-feed.ts";

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** A feed with one open page over a log that stays empty, and a clock whose sleeps are over at once and whose timers end when the test says so. */
async function setUp() {
  const timers: { ms: number; run: () => void }[] = [];
  const clock = {
    after: (ms: number, run: () => void) => (timers.push({ ms, run }), () => undefined),
    sleep: () => new Promise((resolve) => setImmediate(resolve)),
  } as unknown as Clock;
  const heard: string[] = [];
  let reads = 0;
  let message: OnMessage = () => undefined;
  const records = { eventsAfter: async () => ((reads += 1), []), head: async () => 0n } as unknown as Records;
  const subscribe = async (_channels: string[], hears: OnMessage) => {
    message = hears;
    return { close: async () => undefined };
  };
  const feed = await startEventFeed({ records, bus: { subscribe }, clock, log: silentLogger });
  feed.add({ onEvents: () => undefined, onBell: (text) => void heard.push(text) });
  const ring = (...events: unknown[]): void => message(channels.console, JSON.stringify({ events }));
  /** Those of gathered bells, never that of the sweep. */
  const pass = async (): Promise<void> => {
    for (const { run } of timers.filter(({ ms }) => ms === bellGatherMs)) run();
    timers.splice(0);
    await settle();
  };
  return { pass, feed, heard, ring, reads: () => reads };
}

const bellOf = (...types: string[]): string => `event: bell\ndata: ${JSON.stringify({ types })}\n\n`;

test("B01 a bell with no event behind it reaches the pages, and nothing is read for it", async () => {
  const it = await setUp();
  for (let ring = 0; ring < 5; ring += 1) it.ring({ type: "model.call" });
  await it.pass();
  expect([it.heard, it.reads()]).toEqual([[bellOf("model.call")], 0]);
  await it.feed.close();
});

test("B01 a bell of an event is followed up, also when a hint came with it, and the next hint again is not", async () => {
  const it = await setUp();
  it.ring({ type: "model.call" });
  it.ring({ id: "1", type: "task.done" });
  await it.pass();
  const reads = it.reads();
  expect(reads).toBeGreaterThan(1);
  it.ring({ type: "model.call" });
  await it.pass();
  expect(it.reads()).toBe(reads);
  expect(it.heard).toEqual([bellOf("model.call", "task.done"), bellOf("model.call")]);
  await it.feed.close();
});
