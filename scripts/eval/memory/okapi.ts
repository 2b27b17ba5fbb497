/** Pure: Okapi BM25 (k1 1.2, b 0.75) over lists of words: the usual yardstick, written by itself so that it shares nothing with ours. */
export function okapi(
  documents: ReadonlyMap<string, readonly string[]>,
): (question: readonly string[]) => { id: string; score: number }[] {
  const df = new Map<string, number>();
  let words = 0;
  for (const document of documents.values()) {
    words += document.length;
    for (const word of new Set(document)) df.set(word, (df.get(word) ?? 0) + 1);
  }
  const average = words / Math.max(documents.size, 1);
  const idf = (word: string): number => Math.log(1 + (documents.size - (df.get(word) ?? 0) + 0.5) / ((df.get(word) ?? 0) + 0.5));
  return (question) =>
    [...documents]
      .map(([id, document]) => {
        let score = 0;
        for (const word of new Set(question)) {
          const tf = document.filter((each) => each === word).length;
          if (tf > 0) score += (idf(word) * tf * 2.2) / (tf + 1.2 * (0.25 + (0.75 * document.length) / average));
        }
        return { id, score };
      })
      .filter(({ score }) => score > 0)
      .toSorted((a, b) => b.score - a.score);
}
