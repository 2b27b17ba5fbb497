import { expect, test } from "vitest";
import { testClock } from "./test-clock.ts";

test("stands still until it is moved, and then runs timers in order of their time", async () => {
  const clock = testClock("2026-01-01T00:00:00.000Z");
  const seen: string[] = [];
  clock.after(2_000, () => seen.push("two"));
  clock.after(1_000, () => seen.push(`one at ${clock.now().toISOString()}`));
  const cancel = clock.after(1_500, () => seen.push("cancelled"));
  cancel();
  await clock.advance(999);
  expect(seen).toEqual([]);
  await clock.advance(5_000);
  expect(seen).toEqual(["one at 2026-01-01T00:00:01.000Z", "two"]);
  expect(clock.now().toISOString()).toBe("2026-01-01T00:00:05.999Z");
  expect(clock.waiting()).toBe(0);
});

test("runs timers that an earlier timer or a woken sleeper sets", async () => {
  const clock = testClock();
  let rounds = 0;
  const loop = async (): Promise<void> => {
    for (;;) {
      await clock.sleep(60_000);
      rounds += 1;
    }
  };
  void loop();
  await clock.advance(10 * 60_000);
  expect(rounds).toBe(10);
});

test("ends a sleep that is aborted", async () => {
  const clock = testClock();
  const abort = new AbortController();
  const sleep = clock.sleep(1_000, abort.signal);
  abort.abort(new Error("stop"));
  await expect(sleep).rejects.toThrow("stop");
  expect(clock.waiting()).toBe(0);
});
