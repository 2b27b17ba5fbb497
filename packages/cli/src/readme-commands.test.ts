import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { aito } from "./testing/fake-console.ts";

const readme = readFileSync(new URL("../../../README.md", import.meta.url), "utf8");
const lines = [...readme.matchAll(/^\.\/scripts\/aito (.+?)(?:\s{2,}#.*)?$/gm)].map((match) => match[1]!);

/** Words of a shell line: quotes hold blanks together. */
const words = (line: string): string[] => [...line.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2]!);

test("the README shows commands", () => {
  expect(lines.length).toBeGreaterThan(5);
});

test.each(lines)("README: `aito %s` is a command with these flags, and has a help page", async (line) => {
  const given = words(line);
  const flags = given.filter((word) => word.startsWith("--"));
  const path = given.slice(
    0,
    given.findIndex((word) => word.startsWith("--")) === -1 ? undefined : given.findIndex((word) => word.startsWith("--")),
  );
  const help = await aito([...path.filter((word) => !/^[A-Z]+$/.test(word)), "--help"]);
  expect(help.code).toBe(0);
  for (const flag of flags) expect(help.out).toContain(flag);
});
