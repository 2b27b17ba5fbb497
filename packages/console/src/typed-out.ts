import { codeOf, lookalikesIn, shownText } from "./visible-parts.ts";

/** A page shows blanks and line breaks in a row as one blank, and a field of one line takes no others. */
const folded = (text: string): string => text.replaceAll(/\s+/g, " ").trim();

/** As it is shown, but with something else in the place of each letter that passes for another. */
function shownWith(text: string, instead: (letter: string) => string): string {
  let [shown, from] = ["", 0];
  for (const { at, end } of lookalikesIn(text)) {
    if (at < from) continue;
    shown += shownText(text.slice(from, at)) + instead(text.slice(at, end));
    from = end;
  }
  return shown + shownText(text.slice(from));
}

/** Stands for any one character of a plain keyboard: no text is shown with it in it. */
const anyPlain = "\0";

/**
 * True when somebody has typed out what a page names: as it is, as it is shown, or with the code or a plain letter in the place of each
 * letter that passes for another, which no keyboard at hand may have.
 */
export function isTypedOut(typed: string, name: string): boolean {
  const given = folded(typed);
  if ([name, shownText(name), shownWith(name, codeOf)].some((form) => folded(form) === given)) return true;
  const letters = [...given];
  const wanted = [...folded(shownWith(name, () => anyPlain))];
  return (
    letters.length === wanted.length &&
    wanted.every((letter, at) => (letter === anyPlain ? /^[!-~]$/.test(letters[at]!) : letter === letters[at]))
  );
}
