import type { Clock } from "@aito/base";

/** A clock that stands still until it is told to move. */
export interface TestClock extends Clock {
  /** Moves on by `ms`, running each timer at its time, in order, and letting what it starts settle before the next. */
  advance(ms: number): Promise<void>;
  /** How many timers wait. */
  waiting(): number;
}

interface Timer {
  at: number;
  order: number;
  run: () => void;
}

/** Lets promises and I/O callbacks that are ready run. */
const settle = async (): Promise<void> => {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

export function testClock(start = "2026-03-02T09:00:00.000Z"): TestClock {
  let nowMs = new Date(start).getTime();
  let order = 0;
  const timers = new Set<Timer>();

  const after = (ms: number, run: () => void): (() => void) => {
    const timer = { at: nowMs + Math.max(0, ms), order: (order += 1), run };
    timers.add(timer);
    return () => void timers.delete(timer);
  };

  const next = (until: number): Timer | undefined =>
    [...timers].filter((timer) => timer.at <= until).toSorted((a, b) => a.at - b.at || a.order - b.order)[0];

  return {
    now: () => new Date(nowMs),
    after,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const stop = (): void => {
          cancel();
          reject(signal!.reason);
        };
        const cancel = after(ms, () => {
          signal?.removeEventListener("abort", stop);
          resolve();
        });
        signal?.addEventListener("abort", stop, { once: true });
      }),
    advance: async (ms) => {
      const until = nowMs + ms;
      await settle();
      for (let timer = next(until); timer; timer = next(until)) {
        timers.delete(timer);
        nowMs = Math.max(nowMs, timer.at);
        timer.run();
        await settle();
      }
      nowMs = until;
      await settle();
    },
    waiting: () => timers.size,
  };
}
