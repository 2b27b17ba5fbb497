/** What shows as nothing, or turns the text around, and what passes for an empty place. */
const unseen =
  // eslint-disable-next-line no-misleading-character-class
  /[^\P{C}\n]|[\u2028\u2029\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u2800\u3164\u180f\uffa0\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/gu;

/** JSON with its invisible characters as escapes: seen by who edits it, and the same value when it is read back. */
export const spelledJson = (json: string): string =>
  json.replace(unseen, (character) =>
    [...Array(character.length).keys()].map((at) => `\\u${character.charCodeAt(at).toString(16).padStart(4, "0")}`).join(""),
  );
