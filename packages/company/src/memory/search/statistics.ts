import type { Clock } from "@aito/base";

/**
 * How many memories there are and how many of them hold a word. They only weigh words against each other, so that a number of some
 * minutes ago is as good; counting anew for each question costs more than the search.
 */
export interface SearchStatistics {
  total(companyId: string, count: () => Promise<number>): Promise<number>;
  /** Counts those words that are not known. */
  frequencies(
    companyId: string,
    words: readonly string[],
    count: (missing: string[]) => Promise<ReadonlyMap<string, number>>,
  ): Promise<ReadonlyMap<string, number>>;
}

const knownMs = 10 * 60_000;
/** Of a word that nothing held, something may hold it a moment later. */
const absentMs = 2_000;
const wordsMax = 50_000;

interface Known {
  n: number;
  until: number;
}
const isFresh = ({ until }: Known, now: number): boolean => now < until && now > until - 2 * knownMs;

/** One for each program that searches. */
export function makeSearchStatistics(clock: Clock, known = new Map<string, Known>()): SearchStatistics {
  let sweptAt = clock.now().getTime();
  const fresh = (key: string, now: number): number | undefined => {
    const entry = known.get(key);
    return entry && isFresh(entry, now) ? entry.n : undefined;
  };
  /** Each text brings words that are never asked for again: names of workers, numbers of tasks. */
  const sweep = (now: number): void => {
    if (Math.abs(now - sweptAt) < knownMs) return;
    sweptAt = now;
    for (const [key, entry] of known) if (!isFresh(entry, now)) known.delete(key);
  };
  const keep = (key: string, n: number, now: number): void => {
    sweep(now);
    if (known.size >= wordsMax) known.clear();
    // Few are counted anew soon: one more changes much there, and counting is cheap.
    known.set(key, { n, until: now + (n < 50 ? absentMs : knownMs) });
  };
  return {
    total: async (companyId, count) => {
      const now = clock.now().getTime();
      const key = `${companyId} `;
      const found = fresh(key, now) ?? (await count());
      if (fresh(key, now) === undefined) keep(key, found, now);
      return found;
    },
    frequencies: async (companyId, words, count) => {
      const now = clock.now().getTime();
      const found = new Map<string, number>();
      for (const word of words) {
        const n = fresh(`${companyId} ${word}`, now);
        if (n !== undefined) found.set(word, n);
      }
      const missing = words.filter((word) => !found.has(word));
      if (missing.length > 0)
        for (const [word, n] of await count(missing)) {
          keep(`${companyId} ${word}`, n, now);
          found.set(word, n);
        }
      return found;
    },
  };
}
