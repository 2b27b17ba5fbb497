import { similarity, stems } from "./similarity.ts";

/** Likeness from which two texts are one idea, whichever way it was found. */
export const mergeFrom = 0.7;
/**
 * Meaning that the common words do not explain, from which two texts are one idea. Chosen on the labelled pairs of
 * gateway/test/labelled-ideas.ts, for precision: who is merged wrongly is no longer judged, who is not merged is only there twice.
 */
export const unexplainedFrom = 0.45;

/**
 * Pure: how alike two ideas are, 0 to 1; from `mergeFrom` on they are one. `cosine` is that of their embeddings, null without.
 *
 * The cosine alone tells nothing: "raise the budget" and "cut the budget" are at 0.86, a paraphrase in other words at 0.5. What
 * tells a paraphrase is meaning in common *without* words in common, so the words' share is taken off. Texts that share most of
 * their words are one only if what differs is spelling.
 */
export function likeness(a: string, b: string, cosine: number | null): number {
  const words = similarity(a, b);
  const byWords = words >= mergeFrom && !differsOnlyInSpelling(a, b) ? mergeFrom - 0.01 : words;
  if (cosine === null) return byWords;
  const unexplained = cosine - sharedWords(stems(a), stems(b));
  return Math.max(byWords, Math.min(1, Math.max(0, (unexplained / unexplainedFrom) * mergeFrom)));
}

function sharedWords(a: Set<string>, b: Set<string>): number {
  if (a.size === 0 || b.size === 0) return 0;
  return [...a].filter((word) => b.has(word)).length / Math.sqrt(a.size * b.size);
}

const negations = new Set("not no never without stop end cancel instead against".split(" "));

/** "scam" and "scams", "e-mail" and "email", one more word on one side; not "raise" and "cut", "50" and "500", "not" and nothing. */
function differsOnlyInSpelling(a: string, b: string): boolean {
  const [left, right] = [stems(a), stems(b)];
  const more = [...left].filter((word) => !right.has(word));
  const less = [...right].filter((word) => !left.has(word));
  if ([...more, ...less].some((word) => negations.has(word) || /\d/.test(word))) return false;
  if (more.length === 0 || less.length === 0 || more.join("") === less.join("")) return true;
  const [few, many] = more.length <= less.length ? [more, less] : [less, more];
  return few.every((word) => many.some((other) => sameStart(word, other)));
}

const startCharsMin = 4;

function sameStart(a: string, b: string): boolean {
  const chars = Math.max(startCharsMin, Math.min(a.length, b.length) - 1);
  return a.length >= startCharsMin && a.slice(0, chars) === b.slice(0, chars);
}
