import { silentLogger } from "@aito/base";
import type { OnMessage } from "@aito/bus";
import { channels } from "@aito/protocol";
import { expect, test } from "vitest";
import type { GatewayContext } from "./gateway-context.ts";
import { lookAtBells } from "./look-at-bells.ts";

const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

/** A bus that rings and a rest that ends when the test says so. */
async function setUp(look: () => Promise<void>) {
  const stop = new AbortController();
  const rests = new Set<() => void>();
  const heard: { message: OnMessage; again: () => void }[] = [];
  const sleep = (_ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      rests.add(resolve);
      signal.addEventListener("abort", () => (rests.delete(resolve), reject(new Error("no rest"))));
    });
  const subscribe = async (_channels: string[], message: OnMessage, again: () => void = () => undefined) => {
    heard.push({ message, again });
    return { close: async () => undefined };
  };
  const context = { bus: { subscribe }, clock: { sleep }, log: silentLogger, signal: stop.signal } as unknown as GatewayContext;
  const options = { name: "test", events: ["alert.opened"], everyMs: 5_000, look, trouble: "test" };
  const looking = await lookAtBells(context, options);
  await settle();
  const after = async (what: () => void): Promise<void> => {
    what();
    await settle();
  };
  return {
    ring: (type: string) => after(() => heard[0]!.message(channels.console, JSON.stringify({ events: [{ id: "1", type }] }))),
    hearAgain: () => after(() => heard[0]!.again()),
    endRest: () => after(() => rests.forEach((end) => (rests.delete(end), end()))),
    rests: () => rests.size,
    close: () => after(() => (stop.abort(), void looking.close())),
  };
}

test("V12 it looks at once, at a bell that counts, when it hears again, and after a rest without any", async () => {
  let looks = 0;
  const it = await setUp(async () => void (looks += 1));
  expect(looks).toBe(1);
  await it.ring("task.created");
  expect(looks).toBe(1);
  await it.ring("alert.opened");
  expect([looks, it.rests()]).toEqual([2, 1]);
  await it.hearAgain();
  expect([looks, it.rests()]).toEqual([3, 1]);
  await it.endRest();
  expect([looks, it.rests()]).toEqual([4, 1]);
  await it.close();
  await it.ring("alert.opened");
  expect([looks, it.rests()]).toEqual([4, 0]);
});

test("V12 what rings during a look is looked at right after it, and a look that fails is made again", async () => {
  let looks = 0;
  let finish = (): void => undefined;
  const it = await setUp(async () => {
    looks += 1;
    if (looks === 1) await new Promise<void>((resolve) => (finish = resolve));
    if (looks === 2) throw new Error("the database is away");
  });
  await it.ring("alert.opened");
  await it.ring("alert.opened");
  expect(looks).toBe(1);
  finish();
  await settle();
  expect(looks).toBe(2);
  await it.endRest();
  expect(looks).toBe(3);
  await it.close();
});
