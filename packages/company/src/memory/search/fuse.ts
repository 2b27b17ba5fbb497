export type List = "meaning" | "words" | "time";

/** What each list weighs, and how fast a place in it loses worth. Chosen on the tuning half of `pnpm eval:memory`. */
export const weights: Record<List, number> = { meaning: 1, words: 1, time: 0.8 };
const placeOffset = 10;

export interface Ranked {
  id: string;
  /** How well it matches by this list's own measure, 0 to 1: the cosine, or the share of the question's words. */
  strength: number;
}

export interface Fused {
  id: string;
  score: number;
  /** Its place in each list that found it, from 1. */
  places: Partial<Record<List, number>>;
}

/**
 * Pure: reciprocal rank fusion, each place weighed by how well the entry matched: a first place for one common word is worth less
 * than one for all words. Best first; equal scores keep the order in which they were found.
 */
export function fuse(lists: Partial<Record<List, readonly Ranked[]>>): Fused[] {
  const byId = new Map<string, Fused>();
  for (const [list, entries] of Object.entries(lists) as [List, readonly Ranked[]][]) {
    entries.forEach(({ id, strength }, at) => {
      const entry = byId.get(id) ?? { id, score: 0, places: {} };
      entry.score += (weights[list] * Math.min(1, Math.max(0, strength))) / (placeOffset + at + 1);
      entry.places[list] = at + 1;
      byId.set(id, entry);
    });
  }
  return [...byId.values()].toSorted((a, b) => b.score - a.score);
}
