import { fencesOf, isProse } from "./fences.ts";

/** A fenced block of a report that holds data: rows of a table, fields and their values. */
export interface DataBlock {
  /** Its lines, as long as in the report, without what only names a record. */
  text: string;
  /** Where it begins in the report. */
  start: number;
  /** What its fields are called. */
  fields: readonly string[];
}

/** No line is held against a pattern longer than this: longer ones are read in pieces. */
const pieceCharactersMax = 400;

const field = "[\\p{L}_][\\p{L}\\p{N}_.-]{0,40}";
/** Never ends with the comma that parts it from the next field: a line has one reading, and so is read once. */
const value = `(?:"[^"]{0,80}"|[-+€$£]?[\\p{L}\\p{N}][\\p{L}\\p{N}.,:%€$£/_+-]{0,60}(?<!,)|\\[|\\{|\\]|\\})`;
const pair = `${field}\\s?=\\s?${value}`;
/** Lines, without the blanks around them, as programs print data; code has brackets with arguments, ends in semicolons, and begins with its keywords. */
const rows: readonly RegExp[] = [
  new RegExp(`^[\\s{}[\\],]*(?:"[^"]{1,60}"\\s*:\\s*${value}[\\s,{}[\\]]*)*$`, "u"),
  new RegExp(`^${pair}(?:[\\s,;]+${pair})*[\\s,;]*$`, "u"),
  new RegExp(
    `^(?:-\\s?)?\\p{L}[\\p{L}\\p{N}_ ()/%€$.-]{0,60}(?:\\s{2,}|\\t|\\s*[:|]\\s*|\\s)[-+€$£]?\\d[\\d.,’' ]*\\s?[\\p{L}%€$£/]{0,12}$`,
    "u",
  ),
  /^\|?(?:[^|]{0,80}\|){1,12}[^|]{0,80}$/u,
  /^[^,;|()]{1,60}(?:[,;][^,;|()]{0,60}){1,12}$/u,
  /^[\s|+:=-]+$/u,
];
/** A heading over rows, or words between them. */
const heading = /^(?:[#*=-]+\s*)?[\p{L}][\p{L}\p{N} .:,()/-]{0,60}$/u;
const code =
  /;\s*$|=>|\b(?:const|let|var|function|return|import|export|def|class|select|from|echo|sudo|npm|git|curl|docker)\b\s*[\w{(*$-]|\$\(|&&|^\s*(?:\/\/|#!)/iu;
/** The values of these fields name a record or set a program up. */
const names =
  /(?=-?\d)(?<="?(?<![\p{L}])(?:[\p{L}_-]*(?:_|-))?(?:id|ids|pid|uid|uuid|port|line|page|code|status|version|seed|offset|limit|timestamp|ts|time|date|year|sku|ean|phone|zip|row|rank|nr|no|key|hash|commit|port|workers|replicas|timeout|retry_max|max_retries|concurrency)"?\s*[:=]\s*"?)-?\d[\d.,:-]*/giu;

const blank = (found: string): string => found.replaceAll(/[^\n]/gu, (character) => "\uFFFC".repeat(character.length));

/** Pure: the fenced blocks of a text whose every line is data. */
export function dataBlocks(text: string): DataBlock[] {
  const found: DataBlock[] = [];
  const all = text.split("\n");
  const starts = startsOf(all);
  for (const { opened, closed } of fencesOf(all)) {
    const own = all.slice(opened + 1, closed);
    const lines = rowsIn(own);
    if (!areData(lines)) continue;
    const inside = own.join("\n");
    const rowsOfCommas = areRowsOfCommas(lines);
    found.push({
      text: inside
        .replaceAll(/^[ \t]+/gmu, blank)
        .replaceAll(names, blank)
        .replaceAll('"', "\uFFFC")
        .replaceAll(rowsOfCommas ? "," : "\0", "\uFFFC"),
      start: starts[opened + 1]!,
      fields: (inside.match(/\p{L}{3,}/gu) ?? []).map((word) => word.toLowerCase()),
    });
  }
  return found;
}

/** What is written by hand in code is no longer. */
export const codeCharactersMax = 400;
const namedCharacters = 40;
/** A number that stands by itself among signs. */
const bare = /(?<![\p{L}\p{N}_.#-])\d{2,}(?:[.,]\d+)*(?![\p{L}\p{N}_-])/u;

/** Pure: lines of fences that are too long for code, that hold numbers, and that are rows of no data: where they begin, and their first words. */
export function unreadLines(text: string): { text: string; start: number; end: number }[] {
  if (!text.includes("```") && !text.includes("~~~")) return [];
  const all = text.split("\n");
  const starts = startsOf(all);
  return fencesOf(all).flatMap(({ opened, closed }) => {
    const inside = all.slice(opened + 1, closed);
    if (inside.every((line) => line.length <= codeCharactersMax)) return [];
    if (areData(rowsIn(inside))) return [];
    return inside.flatMap((line, at) => {
      if (line.length <= codeCharactersMax || isProse(line) || !bare.test(line)) return [];
      const start = starts[opened + 1 + at]!;
      return [{ text: line.slice(0, namedCharacters), start, end: start + namedCharacters }];
    });
  });
}

/** What a block's lines are read as: none empty, none with blanks around it, none too long for a pattern. */
const rowsIn = (lines: readonly string[]): string[] =>
  lines
    .flatMap(piecesOf)
    .map((line) => line.trim())
    .filter((line) => line !== "");

function areData(lines: readonly string[]): boolean {
  if (lines.length === 0 || lines.some((line) => code.test(line))) return false;
  const plain = lines.map((line) => rows.some((row) => row.test(line)));
  return plain.includes(true) && lines.every((line, index) => plain[index] || heading.test(line));
}

/** A long line, cut behind commas and blanks. */
function piecesOf(line: string): string[] {
  const pieces: string[] = [];
  let start = 0;
  while (line.length - start > pieceCharactersMax) {
    const end = start + pieceCharactersMax;
    const at = Math.max(line.lastIndexOf(",", end - 1), line.lastIndexOf(" ", end - 1));
    pieces.push(line.slice(start, at > start ? at + 1 : end));
    start = at > start ? at + 1 : end;
  }
  return [...pieces, line.slice(start)];
}

const areRowsOfCommas = (lines: readonly string[]): boolean =>
  lines.length > 1 && lines.every((line) => /^[^,\s]+(?:,[^,\s]+)+$/u.test(line));

/** Where each line begins. */
function startsOf(lines: readonly string[]): number[] {
  let at = 0;
  return lines.map((line) => {
    const start = at;
    at += line.length + 1;
    return start;
  });
}
