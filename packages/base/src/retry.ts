import type { Clock } from "./clock.ts";

/** Full-jitter exponential backoff in ms for attempt 1, 2, …: at most `baseMs * 2^(attempt-1)`, capped. */
export function backoffMs(attempt: number, options: { baseMs: number; maxMs: number; random: () => number }): number {
  return Math.round(options.random() * Math.min(options.maxMs, options.baseMs * 2 ** (attempt - 1)));
}

/** Calls `run` until it succeeds, `attemptsMax` is reached, or `isRetryable` says no; rethrows the last error. */
export async function retry<T>(
  run: (attempt: number) => Promise<T>,
  options: {
    clock: Clock;
    attemptsMax: number;
    baseMs: number;
    maxMs: number;
    random?: () => number;
    isRetryable?: (error: unknown) => boolean;
    signal?: AbortSignal;
  },
): Promise<T> {
  const random = options.random ?? Math.random;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await run(attempt);
    } catch (error) {
      if (attempt >= options.attemptsMax || options.isRetryable?.(error) === false) throw error;
      await options.clock.sleep(Math.max(5, backoffMs(attempt, { ...options, random })), options.signal);
    }
  }
}
