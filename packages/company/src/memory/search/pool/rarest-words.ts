/** A word of the question, as Postgres keeps it. */
export interface Term {
  lexeme: string;
  /** In how many memories of the company it is. */
  df: number;
}

/** So many holders are few enough to be ranked one by one. */
const holdersMax = 800;

export const quoted = (lexeme: string): string => `'${lexeme.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;

/**
 * Pure: what to search for, the narrowest first, for one after the other until enough is found. `terms` come rarest first. Rows that hold
 * any of the rarer words, as many words as few rows hold; and of the common ones rows that hold the rarest of them together, first as
 * many as should leave few rows, then ever fewer. At last any word at all. (An index is quick at words that stand together, and slow at
 * choosing any few of many common ones.)
 */
export function rarestWords(terms: readonly Term[], total: number): string[] {
  const known = terms.filter(({ df }) => df > 0);
  if (known.length === 0) return [];
  let rows = 0;
  const rare = known.filter(({ df }) => (rows += df) <= holdersMax).map(({ lexeme }) => quoted(lexeme));
  const common = known.slice(rare.length);
  const together: string[] = [];
  let expected = total;
  for (const [at, { df }] of common.entries()) {
    expected *= Math.min(1, df / Math.max(total, 1));
    const words = common.slice(0, at + 1).map(({ lexeme }) => quoted(lexeme));
    if (at > 0) together.unshift(`(${words.join(" & ")})`);
    if (expected <= holdersMax) break;
  }
  const any = known.map(({ lexeme }) => quoted(lexeme)).join(" | ");
  return [
    ...new Set([...together.map((held) => [...rare, held].join(" | ")), ...(rare.length > 0 ? [rare.join(" | ")] : []), any]),
  ];
}
