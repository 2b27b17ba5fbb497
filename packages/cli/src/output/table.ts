/** Left-aligned columns, as wide as their widest cell; the last one is not padded. */
export function table(head: string[], rows: string[][]): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => [...(row[column] ?? "")].length)));
  return all
    .map((row) =>
      row
        .map((cell, column) => (column === row.length - 1 ? cell : cell + " ".repeat(widths[column]! - [...cell].length)))
        .join("  "),
    )
    .join("\n");
}

/** At most `length` characters, on one line. */
export function short(text: string, length: number): string {
  const flat = text.replace(/\s+/g, " ").trim();
  const letters = [...flat];
  return letters.length <= length ? flat : `${letters.slice(0, length - 1).join("")}…`;
}
