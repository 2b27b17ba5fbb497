import { monotonicMs, systemClock } from "@aito/base";

const pauseMs = 25;

/**
 * Reads until the predicate holds, and returns that value. Throws after `deadlineMs` with the last value seen (or the last
 * error), so that a failure tells what was there instead.
 */
export async function waitFor<T, U extends T>(
  read: () => Promise<T> | T,
  predicate: (value: T) => value is U,
  deadlineMs: number,
): Promise<U>;
export async function waitFor<T>(read: () => Promise<T> | T, predicate: (value: T) => boolean, deadlineMs: number): Promise<T>;
export async function waitFor<T>(read: () => Promise<T> | T, predicate: (value: T) => boolean, deadlineMs: number): Promise<T> {
  const start = monotonicMs();
  for (;;) {
    let seen: { value: T } | { error: unknown };
    try {
      seen = { value: await read() };
      if (predicate(seen.value)) return seen.value;
    } catch (error) {
      seen = { error };
    }
    if (monotonicMs() - start > deadlineMs) {
      if ("error" in seen) throw new Error(`not so within ${deadlineMs} ms; reading failed`, { cause: seen.error });
      const text = JSON.stringify(seen.value, (_, item: unknown) => (typeof item === "bigint" ? item.toString() : item), 1);
      throw new Error(`not so within ${deadlineMs} ms; last seen: ${text?.slice(0, 2_000)}`);
    }
    await systemClock.sleep(pauseMs);
  }
}
