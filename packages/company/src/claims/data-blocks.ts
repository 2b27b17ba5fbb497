/** A fenced block of a report that holds data: rows of a table, fields and their values. */
export interface DataBlock {
  /** Its lines, as long as in the report, without what only names a record. */
  text: string;
  /** Where it begins in the report. */
  start: number;
  /** What its fields are called. */
  fields: readonly string[];
}

const fence = /(?:^|\n)[ ]{0,3}(?<mark>`{3,}|~{3,})[^\n]*\n(?<inside>[\s\S]*?)\n[ ]{0,3}\k<mark>[`~]*[ \t]*(?=\n|$)/gu;
const linesMax = 200;
const lineCharactersMax = 400;

const field = "[\\p{L}_][\\p{L}\\p{N}_.-]{0,40}";
const value = `(?:"[^"]{0,80}"|[-+€$£]?[\\p{L}\\p{N}][\\p{L}\\p{N}.,:%€$£/_+-]{0,60}|\\[|\\{|\\]|\\})`;
/** Lines as programs print data; code has brackets with arguments, ends in semicolons, and begins with its keywords. */
const rows: readonly RegExp[] = [
  new RegExp(`^[\\s{}[\\],]*(?:"[^"]{1,60}"\\s*:\\s*${value}[\\s,{}[\\]]*)*$`, "u"),
  new RegExp(`^\\s*(?:${field}\\s?=\\s?${value}[\\s,;]*)+$`, "u"),
  new RegExp(
    `^\\s*-?\\s?\\p{L}[\\p{L}\\p{N}_ ()/%€$.-]{0,60}(?:\\s{2,}|\\t|\\s*[:|]\\s*|\\s)[-+€$£]?\\d[\\d.,’' ]*\\s?[\\p{L}%€$£/]{0,12}\\s*$`,
    "u",
  ),
  /^\s*\|?(?:[^|]{0,80}\|){1,12}[^|]{0,80}$/u,
  /^\s*[^,;|()]{1,60}(?:[,;][^,;|()]{0,60}){1,12}$/u,
  /^[\s|+:=-]+$/u,
];
/** A heading over rows, or words between them. */
const heading = /^\s*(?:[#*=-]+\s*)?[\p{L}][\p{L}\p{N} .:,()/-]{0,60}$/u;
const code =
  /;\s*$|=>|\b(?:const|let|var|function|return|import|export|def|class|select|from|echo|sudo|npm|git|curl|docker)\b\s*[\w{(*$-]|\$\(|&&|^\s*(?:\/\/|#!)/iu;
/** The values of these fields name a record or set a program up. */
const names =
  /(?<="?(?<![\p{L}])(?:[\p{L}_-]*(?:_|-))?(?:id|ids|pid|uid|uuid|port|line|page|code|status|version|seed|offset|limit|timestamp|ts|time|date|year|sku|ean|phone|zip|row|rank|nr|no|key|hash|commit|port|workers|replicas|timeout|retry_max|max_retries|concurrency)"?\s*[:=]\s*"?)-?\d[\d.,:-]*/giu;

const blank = (found: string): string => found.replaceAll(/[^\n]/gu, (character) => "\uFFFC".repeat(character.length));

/** Pure: the fenced blocks of a text whose every line is data. */
export function dataBlocks(text: string): DataBlock[] {
  const found: DataBlock[] = [];
  for (const match of text.matchAll(fence)) {
    const inside = match.groups!["inside"]!;
    const lines = inside.split("\n").filter((line) => line.trim() !== "");
    const plain = lines.filter((line) => rows.some((row) => row.test(line)));
    if (lines.length === 0 || lines.length > linesMax || lines.some((line) => line.length > lineCharactersMax || code.test(line)))
      continue;
    if (plain.length === 0 || !lines.every((line) => plain.includes(line) || heading.test(line))) continue;
    const rowsOfCommas = lines.length > 1 && lines.every((line) => /^[^,\s]+(?:,[^,\s]+)+$/u.test(line));
    const start = match.index + match[0].indexOf(inside, match[0].indexOf(match.groups!["mark"]!) + 3);
    found.push({
      text: inside
        .replaceAll(/^[ \t]+/gmu, blank)
        .replaceAll(names, blank)
        .replaceAll('"', "\uFFFC")
        .replaceAll(rowsOfCommas ? "," : "\0", "\uFFFC"),
      start,
      fields: (inside.match(/\p{L}{3,}/gu) ?? []).map((word) => word.toLowerCase()),
    });
  }
  return found;
}
