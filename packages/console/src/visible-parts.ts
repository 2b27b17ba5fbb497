/** A stretch of text, or one character that would be invisible or would reorder what is shown. */
export type TextPart = { text: string } | { hidden: string };

/**
 * Format and control characters (Cf, Cc), line and paragraph separators, fillers that render as nothing, and variation
 * selectors beyond the two that emoji use. Newline and tab are ordinary text.
 */
const hidden =
  // eslint-disable-next-line no-control-regex, no-misleading-character-class
  /(?![\n\t])[\p{Cf}\p{Cc}\u2028\u2029\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\uffa0\ufe00-\ufe0d\u{e0100}-\u{e01ef}]/gu;

/** Splits text so that nothing in it can disguise itself: each hidden character becomes a part of its own, as `U+202E`. */
export function visibleParts(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let from = 0;
  for (const match of text.toWellFormed().matchAll(hidden)) {
    if (match.index > from) parts.push({ text: text.slice(from, match.index) });
    parts.push({ hidden: `U+${match[0].codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}` });
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push({ text: text.slice(from).toWellFormed() });
  return parts;
}

/** The same as plain text, for places that take no markup (document titles, labels): `[U+202E]`. */
export const visibleText = (text: string): string =>
  visibleParts(text)
    .map((part) => ("hidden" in part ? `[${part.hidden}]` : part.text))
    .join("");
