import { type Logger, silentLogger, systemClock } from "@aito/base";
import { expect, test } from "vitest";
import { inParallel } from "../apply/in-parallel.ts";
import { complaints } from "./complaints.ts";
import { startLoop } from "./start-loop.ts";

test("a loop goes on after a pass that throws, and reports it", async () => {
  const errors: unknown[] = [];
  let passes = 0;
  const loop = startLoop({
    everyMs: 5,
    clock: systemClock,
    onError: (error) => void errors.push(error),
    run: async () => {
      passes += 1;
      await Promise.resolve();
      if (passes === 1) throw new Error("down");
    },
  });
  await expect.poll(() => passes).toBeGreaterThan(2);
  await loop.close();
  expect(errors).toHaveLength(1);
  const after = passes;
  await systemClock.sleep(30);
  expect(passes).toBe(after);
});

test("rings during a pass become one more pass, and passes never overlap", async () => {
  let running = 0;
  let overlap = false;
  let passes = 0;
  const loop = startLoop({
    everyMs: 60_000,
    clock: systemClock,
    onError: () => undefined,
    run: async () => {
      running += 1;
      overlap ||= running > 1;
      await systemClock.sleep(20);
      running -= 1;
      passes += 1;
    },
  });
  for (let ring = 0; ring < 100; ring += 1) loop.ring();
  await expect.poll(() => passes).toBe(2);
  await systemClock.sleep(100);
  expect({ passes, overlap }).toEqual({ passes: 2, overlap: false });
  await loop.close();
});

test("a repeating trouble is logged once in 30 s with its count, and once when it is over", () => {
  const lines: [string, Record<string, unknown>][] = [];
  const log: Logger = {
    ...silentLogger,
    warn: (fields, message) => void lines.push([message, fields]),
    info: (fields, message) => void lines.push([message, fields]),
  };
  let now = 0;
  const trouble = complaints(log, { ...systemClock, now: () => new Date(now) });
  for (now = 0; now < 60_000; now += 200) trouble.failed("sealer", new Error("the database is away"));
  expect(lines).toHaveLength(2);
  expect(lines[1]![1]).toMatchObject({ part: "sealer", repeated: 149 });
  trouble.worked("sealer");
  trouble.worked("sealer");
  expect(lines).toHaveLength(3);
});

test("at most the given number runs at once, and one failure stops nobody else", async () => {
  let running = 0;
  let most = 0;
  const done: number[] = [];
  const errors = await inParallel([1, 2, 3, 4, 5, 6], 4, async (item) => {
    running += 1;
    most = Math.max(most, running);
    await systemClock.sleep(5);
    running -= 1;
    if (item === 2) throw new Error("two");
    done.push(item);
  });
  expect([most, done.toSorted((a, b) => a - b), errors.length]).toEqual([4, [1, 3, 4, 5, 6], 1]);
});
