/**
 * A bundle in ASCII: one character beyond it makes the engine keep the whole source with two bytes a character, 7 MB more for the console.
 * esbuild escapes those of strings and leaves those of regular expressions (and of tagged templates), where the same escape means the same
 * character. What needs two units stays: it is written in another way with and without the flag `u`.
 */
export const asciiOnly = (source: string): string =>
  source.replaceAll(/(\\*)([\u0080-\uD7FF\uE000-\uFFFF])/g, (_, slashes: string, character: string) => {
    const escape = `u${character.codePointAt(0)!.toString(16).padStart(4, "0")}`;
    // A character that is escaped already keeps its own backslash.
    return slashes.length % 2 === 1 ? slashes + escape : `${slashes}\\${escape}`;
  });
