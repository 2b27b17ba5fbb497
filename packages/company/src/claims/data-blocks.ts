import { fencesOf } from "./fences.ts";

/** A fenced block of a report that holds data: rows of a table, fields and their values. */
export interface DataBlock {
  /** Its lines, as long as in the report, without what only names a record. */
  text: string;
  /** Where it begins in the report. */
  start: number;
  /** What its fields are called. */
  fields: readonly string[];
}

const linesMax = 200;
const lineCharactersMax = 400;

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
    const lines = all
      .slice(opened + 1, closed)
      .map((line) => line.trim())
      .filter((line) => line !== "");
    if (!areData(lines)) continue;
    const inside = all.slice(opened + 1, closed).join("\n");
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

function areData(lines: readonly string[]): boolean {
  // Before any line is read.
  if (lines.length === 0 || lines.length > linesMax || lines.some((line) => line.length > lineCharactersMax)) return false;
  if (lines.some((line) => code.test(line))) return false;
  const plain = lines.map((line) => rows.some((row) => row.test(line)));
  return plain.includes(true) && lines.every((line, index) => plain[index] || heading.test(line));
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
