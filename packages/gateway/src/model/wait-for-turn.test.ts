import { monotonicMs, silentLogger, systemClock } from "@aito/base";
import { memoryBus } from "@aito/bus";
import { expect, test } from "vitest";
import { modelRate, type Turn, waitForTurn } from "./wait-for-turn.ts";

test("Y15 of an agent that has not called for a while nothing is kept", async () => {
  const bus = memoryBus({ clock: systemClock });
  const turns: Turn = new Map([
    ["ended", { startMs: monotonicMs() - 3_600_000, calls: 3, tokens: 0 }],
    ["cmo", { startMs: monotonicMs() - 3_600_000, calls: 3, tokens: 2 }],
    ["resting", { startMs: monotonicMs() - 10_000, calls: 1, tokens: 0 }],
  ]);
  const call = (agent: string) =>
    waitForTurn({ bus, clock: systemClock, log: silentLogger, modelRate, turns }, agent, new AbortController().signal);
  await call("cmo");
  await call("resting");
  expect([...turns].map(([agent, { calls }]) => [agent, calls])).toEqual([
    ["cmo", 1],
    ["resting", 1],
  ]);
  await bus.close();
});
