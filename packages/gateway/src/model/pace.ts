/** A storm is over when for this long nothing was refused for overload, and no call had to be held back. */
const calmMs = 10_000;
/** Where hardly anybody called before, there is little to hold back. */
const firstGapMsMax = 250;
const gapMsMax = 2_000;
/** What came together as the storm broke out is not the rate of before. */
const outbreakMs = 1_000;
const rateWindowMs = 30_000;
const rememberedMax = 1_000;
/** In this time the rate grows by as much as it began with. */
const growthMs = 10_000;

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
 * After an overload calls go one by one, at no more than the rate of before and jittered. From then on the rate grows evenly with time:
 * however much was held back, it comes down with a peak of at most twice its mean (the mean of what grows evenly from anything above
 * nothing is more than half of its end). It ends when it has held nobody back for a while.
 */
export function makePace(random: () => number): Pace {
  let times: number[] = [];
  /** Null: calls go as they come. */
  let storm: { gapMs: number; overloadedAt: number; heldAt: number; growsFrom: number | null } | null = null;
  let nextAt = 0;
  const gapMs = (now: number): number => {
    if (!storm) return 0;
    const { growsFrom } = storm;
    return storm.gapMs / (1 + Math.max(0, now - (growsFrom ?? now)) / growthMs);
  };
  return {
    waitMs: (now) => {
      if (!storm || now >= nextAt) return 0;
      // A clock that was set back must not hold everybody.
      if (nextAt - now > 2 * gapMsMax) return 0;
      storm.heldAt = now;
      return nextAt - now;
    },
    went: (now) => {
      times.push(now);
      if (times.length > rememberedMax) times = times.slice(-rememberedMax / 2);
      if (!storm) return;
      storm.growsFrom ??= now;
      nextAt = now + gapMs(now) * (0.75 + random() / 2);
      // Counted from the first that went: while a breaker lets nobody pass, nothing has been tried.
      if (now - Math.max(storm.overloadedAt, storm.heldAt, storm.growsFrom) > calmMs) storm = null;
    },
    overloaded: (now) => {
      if (!storm) {
        const before = times.filter((each) => now - each < rateWindowMs && now - each >= outbreakMs);
        const span = before.length > 1 ? Math.max(1_000, now - outbreakMs - before[0]!) : rateWindowMs;
        const first = Math.min(firstGapMsMax, Math.max(5, span / Math.max(1, before.length)));
        storm = { gapMs: first, overloadedAt: now, heldAt: now, growsFrom: null };
        return;
      }
      if (now - storm.overloadedAt > 1_000) storm.gapMs = Math.min(gapMsMax, gapMs(now) * 1.25);
      // What is still refused of those that went together with the first says nothing of the pace since.
      storm.growsFrom = null;
      storm.overloadedAt = now;
    },
  };
}
