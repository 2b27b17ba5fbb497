const hidden =
  // eslint-disable-next-line no-control-regex, no-misleading-character-class
  /[\p{Cf}\p{Cc}\u2028\u2029\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u2800\u3164\uffa0\ufe00-\ufe0d\u{e0100}-\u{e01ef}]/gu;

/** Foreign text as one line in which nothing is hidden: invisible and reordering characters are shown as `[U+202E]`. */
export function visibleLine(text: string, charactersMax: number): string {
  const line = text.toWellFormed().replace(/\s+/gu, " ").trim().replace(hidden, spelledOut);
  const characters = [...line];
  return characters.length <= charactersMax ? line : `${characters.slice(0, charactersMax - 1).join("")}…`;
}

/** Whether a text holds characters that nobody sees, or that reorder what is seen. */
export const hidesText = (text: string): boolean => text.search(hidden) >= 0;

const spelledOut = (character: string): string => `[U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}]`;

/**
 * Foreign text as one line that cannot disguise itself or become a link: line breaks are spaces, invisible and reordering
 * characters are shown as `[U+202E]`, and what mail and chat programs turn into links is broken up (`evil[.]example`, `https[:]//`).
 */
export function inertLine(text: string, charactersMax: number): string {
  const line = text
    .toWellFormed()
    .replace(/\s+/gu, " ")
    .trim()
    .replace(hidden, spelledOut)
    .replaceAll("://", "[:]//")
    .replace(/(?<=[\p{L}\p{N}_-])[.\u3002\uff0e\uff61](?=[\p{L}\p{N}_-])/gu, (dot, at: number, whole: string) =>
      /\d/.test(whole[at - 1] ?? "") && /^\d+(?![\p{L}\p{N}._-])/u.test(whole.slice(at + 1)) ? dot : "[.]",
    )
    .replace(/(?<=\S)@(?=\S)/gu, "[@]")
    .replace(/\b(mailto|tel|javascript|data|tg):/giu, "$1[:]");
  const characters = [...line];
  return characters.length <= charactersMax ? line : `${characters.slice(0, charactersMax - 1).join("")}…`;
}
