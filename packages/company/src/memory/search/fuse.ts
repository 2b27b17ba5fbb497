export type List = "meaning" | "words" | "time";

/** What each measure weighs; its place among all adds to that. Chosen on the tuning half of `pnpm eval:memory`. */
const weights = { meaning: 1, words: 0.5, time: 0.4 } as const;
const placeWeight = 0.1;
const placeOffset = 60;

/** How well a memory matches by each measure; what is not known of it is null. */
export interface Measured {
  id: string;
  /** The cosine. Null where it has no vector yet: it counts as the others do on average. */
  meaning: number | null;
  /** The share of the question's words, each by what it says. */
  words: number;
  /** Whether it is of the days asked for. */
  isOfTime: boolean;
}

export interface Fused {
  id: string;
  score: number;
  /** Its place by each measure that speaks for it, from 1. */
  places: Partial<Record<List, number>>;
}

/**
 * Pure: each memory by how well it matches, and by the reciprocal of its rank, in both lists: where one half has a clear best that is
 * worth more than a first place among poor ones. Best first; equal scores keep the order in which they came.
 */
export function fuse(memories: readonly Measured[]): Fused[] {
  const known = memories.flatMap(({ meaning }) => meaning ?? []);
  const average = known.length > 0 ? known.reduce((sum, each) => sum + each, 0) / known.length : 0;
  const byMeaning = placesBy(memories, ({ meaning }) => meaning ?? 0);
  const byWords = placesBy(memories, ({ words }) => words);
  const worth = (strength: number, weight: number, place: number | undefined): number =>
    Math.max(0, strength) * (weight + (place === undefined ? 0 : placeWeight * ((placeOffset + 1) / (placeOffset + place))));
  const fused = memories.map(({ id, meaning, words, isOfTime }): Fused => {
    const places = { meaning: byMeaning.get(id), words: byWords.get(id) };
    const score =
      worth(meaning ?? average, weights.meaning, places.meaning) +
      worth(words, weights.words, places.words) +
      (isOfTime ? weights.time : 0);
    return {
      id,
      score,
      places: {
        ...(places.meaning === undefined ? {} : { meaning: places.meaning }),
        ...(places.words === undefined ? {} : { words: places.words }),
      },
    };
  });
  fused.sort((a, b) => b.score - a.score);
  const timely = new Set(memories.filter(({ isOfTime }) => isOfTime).map(({ id }) => id));
  fused.filter(({ id }) => timely.has(id)).forEach((entry, at) => (entry.places.time = at + 1));
  return fused;
}

/** Only what matches at all has a place. */
function placesBy(memories: readonly Measured[], strength: (of: Measured) => number): Map<string, number> {
  const sorted = memories.filter((each) => strength(each) > 0).toSorted((a, b) => strength(b) - strength(a));
  return new Map(sorted.map(({ id }, at) => [id, at + 1]));
}
