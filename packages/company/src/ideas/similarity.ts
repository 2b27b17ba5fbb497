/** What says nothing about what a text is about. */
const stopWords = new Set(
  "a an and are as at be by for from has have in into is it its of on or our so that the their them this to we will with you your".split(
    " ",
  ),
);
const endings = /(ations?|ings?|ments?|ers?|ies|ed|es|s|ly)$/;

/** Words without endings, each once: "Weekly guides" and "a guide every week" share one of two. */
export function stems(text: string): Set<string> {
  const words =
    text
      .normalize("NFKC")
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? [];
  return new Set(
    words.filter((word) => !stopWords.has(word)).map((word) => (word.length > 4 ? word.replace(endings, "") : word)),
  );
}

const trigrams = (words: Set<string>): Set<string> => {
  const found = new Set<string>();
  for (const word of words) for (let at = 0; at + 3 <= word.length + 2; at += 1) found.add(` ${word} `.slice(at, at + 3));
  return found;
};

const overlap = (a: Set<string>, b: Set<string>): number => {
  if (a.size === 0 || b.size === 0) return 0;
  let shared = 0;
  for (const item of a) if (b.has(item)) shared += 1;
  return shared / Math.sqrt(a.size * b.size);
};

/**
 * Pure: how alike two texts are, from 0 to 1: the cosine of their words without endings and of those words' letter triples, half
 * each. It sees other orders, endings and spellings; it does not see synonyms.
 */
export function similarity(a: string, b: string): number {
  const [left, right] = [stems(a), stems(b)];
  return (overlap(left, right) + overlap(trigrams(left), trigrams(right))) / 2;
}
