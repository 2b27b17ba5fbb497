/** One argument of a call: a text as it reads, or any other value as JSON. */
export type ReadArgument = { name: string; text: string } | { name: string; json: string };

/** Beyond it a text is read as one. */
const lineCharacters = 80;
const isText = (value: unknown): value is string =>
  typeof value === "string" && (value.includes("\n") || value.length > lineCharacters);

/** Their box shows a few more than so many lines; on a phone each has about so many characters. */
const seen = { lines: 12, characters: 40 };
const lineBreak = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/;
const linesOf = (text: string): number =>
  text.split(lineBreak).reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / seen.characters)), 0);

/** Whether some of it may be out of sight until one scrolls, as the JSON or as it is `read`: by its lines, since these cost a writer nothing. */
export const goesOn = (json: string, read: readonly ReadArgument[] | null): boolean =>
  linesOf(json) > seen.lines ||
  // Each under a line with its name.
  (read ?? []).reduce((sum, each) => sum + 1 + linesOf("text" in each ? each.text : each.json), 0) > seen.lines;

/**
 * The arguments of a call one by one, the texts among them with their line breaks; null where none is long: their JSON is as easy to read.
 * Nothing is left out or changed.
 */
export function readArguments(given: Readonly<Record<string, unknown>>): ReadArgument[] | null {
  const entries = Object.entries(given);
  if (!entries.some(([, value]) => isText(value))) return null;
  return entries.map(([name, value]) =>
    isText(value) ? { name, text: value } : { name, json: JSON.stringify(value, null, 2) ?? "undefined" },
  );
}
