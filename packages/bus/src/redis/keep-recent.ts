import type { Clock } from "@aito/base";

/** What is opened when it is first asked for, by key, and let go when it was not asked for in a while. */
export interface Recent<T> {
  /** Asked for now: the one that is open, else a new one. */
  of(key: string, open: () => T): T;
  /** Not kept any more; who takes it lets it go. */
  take(key: string): T | undefined;
  takeAll(): T[];
}

/** At most `max` are kept, and none that nobody asked for in `idleMs`: looked at whenever one is opened, so that no timer is needed. */
export function keepRecent<T>(options: {
  max: number;
  idleMs: number;
  clock: Pick<Clock, "now">;
  letGo: (thing: T) => void;
}): Recent<T> {
  /** The longest unused first. */
  const kept = new Map<string, { thing: T; askedAtMs: number }>();
  const makeRoom = (nowMs: number): void => {
    for (const [key, { thing, askedAtMs }] of kept) {
      if (kept.size < options.max && Math.abs(nowMs - askedAtMs) < options.idleMs) return;
      kept.delete(key);
      options.letGo(thing);
    }
  };
  const take = (key: string): T | undefined => {
    const found = kept.get(key);
    kept.delete(key);
    return found?.thing;
  };
  return {
    of: (key, open) => {
      const nowMs = options.clock.now().getTime();
      let thing = take(key);
      if (thing === undefined) {
        makeRoom(nowMs);
        thing = open();
      }
      kept.set(key, { thing, askedAtMs: nowMs });
      return thing;
    },
    take,
    takeAll: () => [...kept.keys()].map((key) => take(key)!),
  };
}
