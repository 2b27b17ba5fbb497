/** A storm is over when for this long nothing was refused for overload. */
const calmMs = 10_000;
/** Where hardly anybody called before, there is little to hold back. */
const firstGapMsMax = 250;
const gapMsMax = 2_000;
const gapMsMin = 2;
const rateWindowMs = 30_000;
const rememberedMax = 1_000;

/** How far apart calls are let go. In good weather: not at all. */
export interface Pace {
  /** 0 when a call may go now, else how long to wait. */
  waitMs(now: number): number;
  /** A call goes. */
  went(now: number): void;
  /** An upstream said that it has too much to do. */
  overloaded(now: number): void;
}

/**
 * After an overload calls go one by one, at no more than the rate of before and jittered. Once it is calm each further call shortens the
 * gap a little, so that what was held back does not come down at once.
 */
export function makePace(random: () => number): Pace {
  let times: number[] = [];
  let gapMs = 0;
  let overloadedAt = -Infinity;
  let nextAt = 0;
  return {
    waitMs: (now) => {
      if (gapMs === 0 || now >= nextAt) return 0;
      // A clock that was set back must not hold everybody.
      return nextAt - now > 2 * gapMsMax ? 0 : nextAt - now;
    },
    went: (now) => {
      times.push(now);
      if (times.length > rememberedMax) times = times.slice(-rememberedMax / 2);
      if (gapMs === 0) return;
      nextAt = now + gapMs * (0.75 + random() / 2);
      if (now - overloadedAt > calmMs) gapMs *= 0.97;
      if (gapMs < gapMsMin) gapMs = 0;
    },
    overloaded: (now) => {
      if (gapMs === 0) {
        const recent = times.filter((each) => now - each < rateWindowMs);
        const span = recent.length > 1 ? Math.max(1_000, now - recent[0]!) : rateWindowMs;
        gapMs = Math.min(firstGapMsMax, Math.max(5, span / Math.max(1, recent.length)));
      } else if (now - overloadedAt > 1_000) gapMs = Math.min(gapMsMax, gapMs * 1.25);
      overloadedAt = now;
    },
  };
}
