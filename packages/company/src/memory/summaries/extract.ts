/** A part of what is summed up, in the order in which it happened. */
export interface Part {
  text: string;
  /** What somebody decided or got wrong says more about a day than what was said. */
  weight: number;
}

const sentenceCharsMax = 240;

/**
 * Pure: a summary that invents nothing: as many of the parts' own texts as fit, those first that stand for most of the others (by the
 * words that they share, of the rarer ones) and repeat least, told in the order in which they happened.
 */
export function extract(parts: readonly Part[], charsMax: number): string {
  const texts = parts.map(({ text }) => firstOf(text));
  const words = texts.map(wordsOf);
  const counts = new Map<string, number>();
  for (const set of words) for (const word of set) counts.set(word, (counts.get(word) ?? 0) + 1);
  const worth = new Map([...counts].map(([word, n]) => [word, n > 1 ? Math.log(1 + n) : 0.3]));
  const told = new Set<string>();
  const chosen: number[] = [];
  const left = new Set(texts.keys());
  let chars = 0;
  while (left.size > 0) {
    const gain = (at: number): number => {
      const fresh = [...words[at]!].filter((word) => !told.has(word)).reduce((sum, word) => sum + worth.get(word)!, 0);
      return (parts[at]!.weight * fresh) / Math.sqrt(8 + words[at]!.size);
    };
    const best = [...left].reduce((a, b) => (gain(b) > gain(a) ? b : a));
    left.delete(best);
    if (gain(best) <= 0 && chosen.length > 0) break;
    if (chars + texts[best]!.length + 2 > charsMax && chosen.length > 0) continue;
    chosen.push(best);
    chars += texts[best]!.length + 2;
    for (const word of words[best]!) told.add(word);
  }
  return chosen
    .toSorted((a, b) => a - b)
    .map((at) => texts[at]!)
    .join("; ")
    .slice(0, charsMax);
}

function firstOf(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  if (line.length <= sentenceCharsMax) return line;
  const end = line.slice(0, sentenceCharsMax).lastIndexOf(". ");
  return end > 60 ? line.slice(0, end + 1) : `${line.slice(0, sentenceCharsMax - 1)}…`;
}

const wordsOf = (text: string): Set<string> =>
  new Set((text.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? []).map((word) => word.slice(0, 6)));
