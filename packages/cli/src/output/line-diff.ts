const linesMax = 2_000;

/** Pure: the lines of `after`, those that are new marked `+`, and those of `before` that are gone marked `-`. */
export function lineDiff(before: readonly string[], after: readonly string[]): string[] {
  const [old, now] = [before.slice(0, linesMax), after.slice(0, linesMax)];
  // Where everything is new, marks would only be in the way.
  if (old.length === 0) return [...now];
  const common = longestCommon(old, now);
  const lines: string[] = [];
  let [at, to] = [0, 0];
  for (const [i, j] of [...common, [old.length, now.length] as const]) {
    while (at < i) lines.push(`- ${old[at++]}`);
    while (to < j) lines.push(`+ ${now[to++]}`);
    if (at < old.length && to < now.length) lines.push(`  ${now[to]}`);
    at += 1;
    to += 1;
  }
  return lines;
}

/** Positions of a longest common subsequence. */
function longestCommon(old: readonly string[], now: readonly string[]): (readonly [number, number])[] {
  const width = now.length + 1;
  const length = new Uint16Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      length[i * width + j] =
        old[i] === now[j]
          ? length[(i + 1) * width + j + 1]! + 1
          : Math.max(length[(i + 1) * width + j]!, length[i * width + j + 1]!);
    }
  }
  const pairs: (readonly [number, number])[] = [];
  for (let i = 0, j = 0; i < old.length && j < now.length;) {
    if (old[i] === now[j]) pairs.push([i++, j++]);
    else if (length[(i + 1) * width + j]! >= length[i * width + j + 1]!) i += 1;
    else j += 1;
  }
  return pairs;
}
