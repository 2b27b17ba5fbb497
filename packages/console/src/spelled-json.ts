import { lookalikesIn } from "./visible-parts.ts";

/** What shows as nothing, or turns the text around, and what passes for an empty place. */
const unseen =
  // eslint-disable-next-line no-misleading-character-class
  /[^\P{C}\n]|[\u2028\u2029\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u2800\u3164\u180f\uffa0\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/gu;

const escape = /(\\(?:u[0-9a-fA-F]{4}|.))/;
const escaped = (characters: string): string =>
  [...Array(characters.length).keys()].map((at) => `\\u${characters.charCodeAt(at).toString(16).padStart(4, "0")}`).join("");

/** JSON with its invisible characters, and letters that pass for others, as escapes: seen by who edits it, and the same value when it is read back. */
export const spelledJson = (json: string): string =>
  json
    // An escape's own letter is no part of the word that follows it.
    .split(escape)
    .map((piece, at) => (at % 2 === 1 ? piece : spelledLetters(piece).replace(unseen, escaped)))
    .join("");

function spelledLetters(text: string): string {
  let [spelled, from] = ["", 0];
  for (const { at, end } of lookalikesIn(text)) {
    if (at < from) continue;
    spelled += text.slice(from, at) + escaped(text.slice(at, end));
    from = end;
  }
  return spelled + text.slice(from);
}
