import { tongueOf } from "./tongue-of.ts";

/** A fenced block of Markdown, by the indices of its first and last line; one that is never closed is closed behind the last. */
export interface Fence {
  opened: number;
  closed: number;
}

/** Pure: the fenced blocks of these lines, in one pass. */
export function fencesOf(lines: readonly string[]): Fence[] {
  const found: Fence[] = [];
  let open: { mark: string; at: number } | null = null;
  for (const [index, line] of lines.entries()) {
    const mark = /^\s{0,3}(`{3,}|~{3,})/u.exec(line)?.[1];
    if (mark === undefined) continue;
    if (open === null) open = { mark, at: index };
    else if (mark[0] === open.mark[0] && mark.length >= open.mark.length) {
      found.push({ opened: open.at, closed: index });
      open = null;
    }
  }
  return open === null ? found : [...found, { opened: open.at, closed: lines.length }];
}

const wordsMin = 5;
/** Marks of programs, settings, logs and remarks in them: signs that sentences do not have. */
const code =
  /[{}<>=;$|\\]|\w\(|\/\/|^\s*(?:#|--|\*|\/\*|\[|\d{2,4}[-:/.]\d\d|(?:DEBUG|INFO|WARN|ERROR|TRACE|FATAL)\b)|\b\w+_\w+\b|::|->/u;

/** Pure: whether a line among code, or a piece of one, is a sentence all the same, which is read as the text around it. */
export function isProse(line: string): boolean {
  return (line.match(/\p{L}+/gu)?.length ?? 0) >= wordsMin && !code.test(line) && tongueOf(line) !== null;
}
