import type { Clock } from "@aito/base";

/** This many failures in a row open it. */
const failuresMax = 5;
const openMsMin = 2_000;
const openMsMax = 60_000;

/**
 * Stands before one model at one upstream. Closed: calls pass. After failures in a row it is open, and nobody asks until the time is
 * over (doubling, jittered, and never before a `retry-after` that was told); then one call may try, and its outcome closes or opens it.
 */
export interface Breaker {
  /** 0 when a call may go now, else how long nobody may. Whoever gets 0 must say `succeeded`, `failed` or `left` afterwards. */
  enter(): number;
  /** How it stands: failures in a row, how often in a row it opened, and since when it is open; null: it is closed. Times in ms. */
  state(): BreakerState & { probing: boolean };
  /** Takes over what another one before the same found out, where that holds for longer. */
  adopt(state: BreakerState): void;
  /** What `enter` would answer, without entering. */
  waitMs(): number;
  succeeded(): void;
  /** `retryAfterMs` holds for everybody. */
  failed(retryAfterMs: number): void;
  /** The call ended without a word about the upstream: its client went away. */
  left(): void;
}

export interface BreakerState {
  failures: number;
  opens: number;
  openSince: number | null;
  openUntil: number;
}

export function makeBreaker(options: { clock: Clock; random: () => number }): Breaker {
  const now = (): number => options.clock.now().getTime();
  let failures = 0;
  let opens = 0;
  let openUntil = 0;
  let probing = false;
  let openSince: number | null = null;
  const isOpen = (): boolean => failures >= failuresMax;
  const waitMs = (): number => {
    // A clock that was set back must not hold everybody.
    const left = Math.min(openUntil - now(), Math.max(openMsMax, retryAfterHeldMsMax));
    if (left > 0) return left;
    return isOpen() && probing ? openMsMin : 0;
  };
  return {
    waitMs,
    state: () => ({ failures, opens, openSince, openUntil, probing }),
    adopt: (state) => {
      const isNews = state.openUntil > openUntil || (state.openSince !== null && !isOpen());
      if (!isNews) return;
      if (state.openSince !== null) failures = Math.max(failures, state.failures, failuresMax);
      opens = Math.max(opens, state.opens);
      openSince ??= state.openSince;
      openUntil = Math.max(openUntil, state.openUntil);
    },
    enter: () => {
      const wait = waitMs();
      if (wait === 0 && isOpen()) probing = true;
      return wait;
    },
    succeeded: () => {
      failures = 0;
      opens = 0;
      openSince = null;
      openUntil = 0;
      probing = false;
    },
    failed: (retryAfterMs) => {
      // What went before it opened and fails after it says nothing new: many at once must not double the wait many times.
      const isNews = !isOpen() || probing;
      failures += 1;
      probing = false;
      let wait = Math.min(retryAfterMs, retryAfterHeldMsMax);
      if (isOpen() && isNews) {
        const doubled = Math.min(openMsMax, openMsMin * 2 ** Math.min(opens, 10));
        wait = Math.max(wait, doubled * (0.75 + options.random() / 2));
        opens += 1;
        openSince ??= now();
      }
      openUntil = Math.max(openUntil, now() + wait);
    },
    left: () => {
      probing = false;
    },
  };
}

/** A longer `retry-after` is still told to callers, but asked again after this. */
const retryAfterHeldMsMax = 3_600_000;
