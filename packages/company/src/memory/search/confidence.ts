import type { Measured } from "./fuse.ts";
import type { Term } from "./pool/rarest-words.ts";

/** How sure one may be that the memories speak of a question at all; the two kinds are not to be compared with each other. */
export interface Confidence {
  value: number;
  byMeaning: boolean;
}

/** Under this they do not. On the tuning half of `pnpm eval:memory` it turns away one in twenty questions that have an answer. */
const sureFrom = { byMeaning: 0.14, byWords: 0.15 } as const;
const wordsShare = 0.5;
const unknownShare = 0.6;
/** The best is compared with the one in this place. */
const comparedPlace = 10;

export const isSure = ({ value, byMeaning }: Confidence): boolean => value >= (byMeaning ? sureFrom.byMeaning : sureFrom.byWords);

/**
 * Pure. By words alone: the best match. With meaning: the one memory that fits best by both together, and how far the nearest stands
 * out, less the share of the question's words that no memory has.
 */
export function confidenceOf(
  pool: readonly Measured[],
  { terms, byMeaning }: { terms: readonly Term[]; byMeaning: boolean },
): Confidence {
  const near = pool.flatMap(({ meaning }) => meaning ?? []).toSorted((a, b) => b - a);
  const best = (of: (each: Measured) => number): number => pool.reduce((most, each) => Math.max(most, of(each)), 0);
  if (!byMeaning || near.length === 0) return { value: best(({ words }) => words), byMeaning: false };
  const standsOut = near[0]! - (near[comparedPlace - 1] ?? near.at(-1)!);
  const unknown = terms.filter(({ df }) => df === 0).length / Math.max(1, terms.length);
  const fit = best(({ meaning, words }) => Math.max(0, meaning ?? 0) + wordsShare * words);
  return { value: fit + standsOut - unknownShare * unknown, byMeaning: true };
}
