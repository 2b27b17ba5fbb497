import type { DiffLine } from "@aito/protocol";

const around = 3;
/** Above it the texts are shown as replaced whole: comparing line by line costs the product of both. */
const linesMax = 3_000;

/** Pure: the lines of two texts, what left and what came, with three lines around; nothing when they are the same. */
export function diffLines(before: string, after: string): DiffLine[] {
  if (before === after) return [];
  const [a, b] = [before.split("\n"), after.split("\n")];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  const same = (text: string): DiffLine => ({ sign: "same", text });
  const middle = between(a.slice(start, a.length - end), b.slice(start, b.length - end));
  return withGaps([...a.slice(0, start).map(same), ...middle, ...a.slice(a.length - end).map(same)]);
}

function between(a: string[], b: string[]): DiffLine[] {
  const removed = (text: string): DiffLine => ({ sign: "removed", text });
  const added = (text: string): DiffLine => ({ sign: "added", text });
  if (a.length > linesMax || b.length > linesMax) return [...a.map(removed), ...b.map(added)];
  // The longest common part, from the back.
  const width = b.length + 1;
  const longest = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      longest[i * width + j] =
        a[i] === b[j]
          ? longest[(i + 1) * width + j + 1]! + 1
          : Math.max(longest[(i + 1) * width + j]!, longest[i * width + j + 1]!);
    }
  }
  const lines: DiffLine[] = [];
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      lines.push({ sign: "same", text: a[i]! });
      [i, j] = [i + 1, j + 1];
    } else if (j >= b.length || (i < a.length && longest[(i + 1) * width + j]! >= longest[i * width + j + 1]!)) {
      lines.push(removed(a[i]!));
      i += 1;
    } else {
      lines.push(added(b[j]!));
      j += 1;
    }
  }
  return lines;
}

function withGaps(lines: DiffLine[]): DiffLine[] {
  const near = new Set<number>();
  for (const [at, { sign }] of lines.entries()) {
    if (sign === "same") continue;
    for (let each = at - around; each <= at + around; each += 1) near.add(each);
  }
  const shown: DiffLine[] = [];
  for (const [at, line] of lines.entries()) {
    if (near.has(at)) shown.push(line);
    else if (shown.at(-1)?.sign !== "gap") shown.push({ sign: "gap", text: "" });
  }
  return shown;
}
