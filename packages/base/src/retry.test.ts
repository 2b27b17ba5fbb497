import { expect, test } from "vitest";
import type { Clock } from "./clock.ts";
import { AitoError } from "./errors.ts";
import { backoffMs, retry } from "./retry.ts";

/** Notes sleeps and does not wait. */
const noted = () => {
  const slept: number[] = [];
  const clock: Clock = {
    now: () => new Date(0),
    sleep: (ms, signal) => {
      slept.push(ms);
      return signal?.aborted ? Promise.reject(signal.reason as Error) : Promise.resolve();
    },
    after: () => () => undefined,
  };
  return { clock, slept };
};

test("tries again with doubling waits until it works", async () => {
  const { clock, slept } = noted();
  const options = { clock, attemptsMax: 5, baseMs: 100, maxMs: 300, random: () => 1 };
  const answer = await retry((attempt) => (attempt < 4 ? Promise.reject(new Error("no")) : Promise.resolve(attempt)), options);
  expect([answer, slept]).toEqual([4, [100, 200, 300]]);
});

test("throws the last error when the attempts are used up", async () => {
  const { clock, slept } = noted();
  const run = retry((attempt) => Promise.reject(new Error(`attempt ${attempt}`)), { clock, attemptsMax: 3, baseMs: 1, maxMs: 1 });
  await expect(run).rejects.toThrow("attempt 3");
  expect(slept).toHaveLength(2);
});

test("does not try again what cannot succeed, nor after an abort", async () => {
  const { clock, slept } = noted();
  const terminal = retry(() => Promise.reject(new AitoError("AITO_X", "never")), {
    clock,
    attemptsMax: 9,
    baseMs: 1,
    maxMs: 1,
    isRetryable: (error) => !(error instanceof AitoError && error.fate === "terminal"),
  });
  await expect(terminal).rejects.toMatchObject({ code: "AITO_X" });
  expect(slept).toEqual([]);
  const signal = AbortSignal.abort(new Error("closing"));
  await expect(
    retry(() => Promise.reject(new Error("no")), { clock, attemptsMax: 9, baseMs: 1, maxMs: 1, signal }),
  ).rejects.toThrow("closing");
});

test("a wait is spread over the whole range and never longer than the limit", () => {
  for (const random of [0, 0.5, 1]) {
    for (let attempt = 1; attempt < 60; attempt += 1) {
      const ms = backoffMs(attempt, { baseMs: 50, maxMs: 5_000, random: () => random });
      expect(ms).toBeGreaterThanOrEqual(0);
      expect(ms).toBeLessThanOrEqual(5_000);
      expect(ms).toBe(Math.round(random * Math.min(5_000, 50 * 2 ** (attempt - 1))));
    }
  }
});
