/** The only door to time (lint forbids Date.now and setTimeout elsewhere). Virtual in rehearsals and tests. */
export interface Clock {
  now(): Date;
  /** Resolves after `ms`, or rejects with the signal's reason when it aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Calls `run` after `ms`; returns how to cancel. The timer does not keep the process alive. */
  after(ms: number, run: () => void): () => void;
  /**
   * Only on a clock that follows a database's: hears what time it was there, asked at `askedAtMs` (monotonic) and answered now.
   * A database takes the time of its transactions from itself then, else from this clock.
   */
  follow?(at: Date, askedAtMs: number): void;
}

export const systemClock: Clock = {
  now: () => new Date(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const stop = () => {
        clearTimeout(timer);
        reject(signal!.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener("abort", stop);
        resolve();
      }, ms);
      signal?.addEventListener("abort", stop, { once: true });
    }),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** Monotonic milliseconds, for measuring how long something took; never for business time. */
export const monotonicMs = (): number => performance.now();

const gridsMs = [5_000, 2_500];
/** Timers may fire a moment early. */
const earlyMs = 5;

/**
 * `ms` or somewhat less, so that it ends with what else waits in this program: each time that an idle program is woken costs it more than
 * what it then does. Whole multiples of five seconds end on the same five seconds, those of two and a half between them; others stay.
 */
export function togetherMs(ms: number, nowMs = monotonicMs()): number {
  const grid = gridsMs.find((each) => ms > 0 && ms % each === 0);
  return grid === undefined ? ms : Math.min(ms, Math.floor((nowMs + ms + earlyMs) / grid) * grid - nowMs);
}

/**
 * The programs' clock in production: time as the database has it. Until the first answer it is the program's own; from then on it
 * runs by the monotonic clock and is set right with every transaction, so that a program's clock that is wrong, or jumps, moves
 * nothing. An answer moves it no further than is certain: the database's time was told between the asking and the hearing.
 */
export function followingClock(programNow: () => number = Date.now): Clock {
  let offsetMs = programNow() - monotonicMs();
  const nowMs = (): number => monotonicMs() + offsetMs;
  return {
    ...systemClock,
    now: () => new Date(nowMs()),
    follow: (at, askedAtMs) => {
      const earliest = at.getTime();
      const latest = earliest + (monotonicMs() - askedAtMs);
      const mine = nowMs();
      offsetMs += Math.max(earliest, Math.min(mine, latest)) - mine;
    },
  };
}
