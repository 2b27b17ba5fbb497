/** A stretch of text, or one character (or a run of it) that would be invisible, would reorder what is shown, or is not what it looks like. */
export type TextPart = { text: string } | { hidden: string };

/**
 * Format and control characters (Cf, Cc), line and paragraph separators, fillers that render as nothing, variation selectors beyond the
 * two that emoji use, and the fourth and further marks on one letter, which would paint over the lines around.
 */
const hidden =
  // eslint-disable-next-line no-control-regex, no-misleading-character-class
  /(?![\n\t])[\p{Cf}\p{Cc}\u2028\u2029\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\uffa0\ufe00-\ufe0d\u{e0100}-\u{e01ef}]|(?<=[\p{Mn}\p{Me}]{3})[\p{Mn}\p{Me}]/gu;

/** What would push the rest out of sight: the fourth and further empty lines, and blanks by the hundred. */
const emptiness = /(?<=\n{3})\n+|(?<=[\p{Zs}\t]{80})[\p{Zs}\t]+/gu;

/** Letters and addresses: within one such word, letters that look like Latin ones and are not stand out beside Latin ones. */
const words = /[\p{L}\p{M}\p{N}.@/:_]+/gu;
const looksLatin =
  /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}\p{Script=Coptic}\p{Script=Lisu}\p{Script=Georgian}]/gu;
/** Never what they look like: mathematical letters, Roman numerals as one character, letters and signs made to pass for others. */
const neverPlain =
  /[\u{1d400}-\u{1d7ff}\u2160-\u217f\u0251\u0261\u01c0\u01c3\u2044\u2215\u29f8\u2571\ua789\u2024\uff0e\uff0f]|[ОоΟοЗ](?=\d)|(?<=\d)[ОоΟοЗ]/gu;

/** A place in the text; `keep`: the character is shown too, with its code behind it. */
interface Mark {
  at: number;
  end: number;
  code: string;
  keep: boolean;
}

const sameMax = 3;
export const codeOf = (character: string): string => `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`;
const markOf = (match: RegExpExecArray, offset: number, keep: boolean): Mark => ({
  at: offset + match.index,
  end: offset + match.index + match[0].length,
  code: codeOf(match[0]),
  keep,
});

function marksOf(text: string): Mark[] {
  const marks = [...text.matchAll(hidden)].map((match) => markOf(match, 0, false));
  for (const match of text.matchAll(emptiness)) {
    const mark = markOf(match, 0, false);
    marks.push({ ...mark, code: times(mark.code, match[0].length) });
  }
  // Most texts hold none of it.
  if (/[^\p{ASCII}]/u.test(text)) {
    for (const match of text.matchAll(neverPlain)) marks.push(markOf(match, 0, true));
    for (const word of text.matchAll(words)) {
      if (!/[A-Za-z]/.test(word[0])) continue;
      for (const match of word[0].matchAll(looksLatin)) marks.push(markOf(match, word.index, true));
    }
  }
  return marks.toSorted((a, b) => a.at - b.at || Number(a.keep) - Number(b.keep));
}

const times = (code: string, count: number): string => (count > 1 ? `${code} ×${count}` : code);

/**
 * Splits text so that nothing in it can disguise itself: each hidden character becomes a part of its own, as `U+202E`, a flood of the same
 * one part with its count, and behind a letter that passes for another stands its code.
 */
export function visibleParts(given: string): TextPart[] {
  const text = given.toWellFormed();
  const parts: TextPart[] = [];
  let from = 0;
  const marks = marksOf(text);
  for (let next = 0; next < marks.length; next += 1) {
    const mark = marks[next]!;
    if (mark.at < from) continue;
    let [end, count] = [mark.end, 1];
    while (!mark.keep && marks[next + count]?.at === end && marks[next + count]?.code === mark.code) {
      end = marks[next + count]!.end;
      count += 1;
    }
    // A few stand one by one, as they stand in the text.
    if (count <= sameMax) [end, count] = [mark.end, 1];
    const shown = text.slice(from, mark.keep ? end : mark.at);
    if (shown !== "") parts.push({ text: shown });
    parts.push({ hidden: times(mark.code, count) });
    from = end;
  }
  if (from < text.length) parts.push({ text: text.slice(from) });
  return parts;
}

/** Where in it letters stand that pass for others. */
export const lookalikesIn = (text: string): { at: number; end: number }[] =>
  marksOf(text)
    .filter(({ keep }) => keep)
    .map(({ at, end }) => ({ at, end }));

/** What a field of many lines does not show by itself: each code once, with how often it stands there. */
export function hiddenIn(text: string): string[] {
  const counts = new Map<string, number>();
  for (const part of visibleParts(text)) {
    if (!("hidden" in part)) continue;
    const [code, count] = part.hidden.split(" ×");
    counts.set(code!, (counts.get(code!) ?? 0) + Number(count ?? 1));
  }
  return [...counts].map(([code, count]) => times(code, count));
}

/** As it stands where text is shown with its codes among it: what a person copies who types it again. */
export const shownText = (text: string): string =>
  visibleParts(text)
    .map((part) => ("hidden" in part ? part.hidden : part.text))
    .join("");

/** The same as plain text, for places that take no markup (document titles, labels): `[U+202E]`. */
export const visibleText = (text: string): string =>
  visibleParts(text)
    .map((part) => ("hidden" in part ? `[${part.hidden}]` : part.text))
    .join("");

/** The same for a field of one line, which would leave line breaks out. */
export const visibleLine = (text: string): string => visibleText(text).replaceAll("\n", "[U+000A]");
