/** A stretch of words that stands in both texts, only in the new one, or only in the old one. */
export interface DiffPart {
  kind: "same" | "new" | "gone";
  text: string;
}

/** Beyond it the middle of a text is compared as one piece: a page must not stand still. */
const wordsMax = 1_500;

const wordsOf = (text: string): string[] => text.match(/\s+|[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu) ?? [];

/** Pure: the words of `after` beside those of `before`, in order; joined without the gone ones they are `after`, without the new ones `before`. */
export function wordDiff(before: string, after: string): DiffPart[] {
  const [old, now] = [wordsOf(before), wordsOf(after)];
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old[old.length - 1 - tail] === now[now.length - 1 - tail])
    tail += 1;
  const parts: DiffPart[] = [];
  const add = (kind: DiffPart["kind"], text: string): void => {
    const last = parts.at(-1);
    if (text === "") return;
    if (last?.kind === kind) last.text += text;
    else parts.push({ kind, text });
  };
  add("same", now.slice(0, head).join(""));
  middle(old.slice(head, old.length - tail), now.slice(head, now.length - tail), add);
  add("same", now.slice(now.length - tail).join(""));
  return parts;
}

function middle(old: readonly string[], now: readonly string[], add: (kind: DiffPart["kind"], text: string) => void): void {
  if (old.length > wordsMax || now.length > wordsMax) {
    add("gone", old.join(""));
    return add("new", now.join(""));
  }
  const width = now.length + 1;
  /** Length of the longest common run of words from here on. */
  const length = new Uint16Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i -= 1)
    for (let j = now.length - 1; j >= 0; j -= 1)
      length[i * width + j] =
        old[i] === now[j]
          ? length[(i + 1) * width + j + 1]! + 1
          : Math.max(length[(i + 1) * width + j]!, length[i * width + j + 1]!);
  let [i, j] = [0, 0];
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      add("same", now[j]!);
      i += 1;
      j += 1;
    } else if (j >= now.length || (i < old.length && length[(i + 1) * width + j]! >= length[i * width + j + 1]!))
      add("gone", old[i++]!);
    else add("new", now[j++]!);
  }
}
