import type { Clock } from "@aito/base";

/** Nothing has happened for this long: the company is idle. */
const idleAfterMs = 5_000;
/** An idle company is looked at this often, whatever the bells say: they can be lost. */
export const restMsMax = 15_000;

/**
 * How closely the control loops look. Each change of the company rings a bell after its commit, and what falls due by itself is
 * known beforehand: a company in which nothing happens is looked at seldom, and at once when a bell rings or something is due. Where
 * bells cannot be heard (`deaf`), it is always looked at closely.
 */
export interface Pace {
  /** Something happened. */
  note(): void;
  /** Bells may be lost from now on, or are heard again. */
  deaf(isDeaf: boolean): void;
  /** Quiet for long enough for a rest to be worth a question. */
  isQuiet(): boolean;
  /** Nothing falls due before `until`. Whoever said so asks again then, and says either this or `over`. */
  rest(until: Date): void;
  /** Something is due, or under way: everybody looks closely again. */
  over(): void;
  /** Whether the company rests now. */
  rests(): boolean;
  /** `busyMs`, or while the company rests `restMs`: also past its end, for it may go on, and `over` rings. */
  everyMs(busyMs: number, restMs: number): number;
  /** `busyMs`, or while the company rests what is left of it. */
  askMs(busyMs: number): number;
}

export function makePace(clock: Clock, onWake: () => void): Pace {
  let notedAt = clock.now().getTime();
  let restsUntil = 0;
  let isDeaf = false;
  /** Whether the loops sleep as in a rest, whose time may be over. */
  let sleeps = false;
  const now = (): number => clock.now().getTime();
  const rests = (): boolean => !isDeaf && now() < restsUntil && restsUntil - now() <= restMsMax;
  const wake = (): void => {
    const slept = sleeps;
    restsUntil = 0;
    sleeps = false;
    if (slept) onWake();
  };
  return {
    note: () => {
      notedAt = now();
      wake();
    },
    deaf: (is) => {
      if (is) wake();
      isDeaf = is;
    },
    isQuiet: () => !isDeaf && Math.abs(now() - notedAt) >= idleAfterMs,
    rest: (until) => {
      restsUntil = until.getTime();
      sleeps = true;
    },
    over: wake,
    rests,
    everyMs: (busyMs, restMs) => (rests() ? Math.max(busyMs, restMs) : busyMs),
    askMs: (busyMs) => (rests() ? Math.max(busyMs, restsUntil - now()) : busyMs),
  };
}
