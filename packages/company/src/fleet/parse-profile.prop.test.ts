import { readFileSync } from "node:fs";
import { isAitoError } from "@aito/base";
import fc from "fast-check";
import { expect, test } from "vitest";
import { parsePack } from "./parse-pack.ts";
import { parseProfile } from "./parse-profile.ts";

const cmo = readFileSync(new URL("../../../../profiles/aito/cmo.md", import.meta.url), "utf8");
const fleet = readFileSync(new URL("../../../../profiles/aito/fleet.yaml", import.meta.url), "utf8");

/** Markdown that comes near to a profile: its own lines, shuffled, cut, and mixed with marks. */
const marks = fc.constantFrom(
  "## ",
  "### ",
  "- ",
  "1. ",
  "**",
  ":**",
  "> $",
  "→",
  "(every ",
  "\n",
  "\n\n",
  "    ",
  "`",
  "<!--",
  "[",
  "]",
  "\0",
  "*",
  "\u{d800}",
);
const nearMarkdown = fc
  .array(
    fc.oneof(fc.constantFrom(...cmo.split("\n").map((line) => `${line}\n`)), marks, fc.string({ unit: "binary", maxLength: 12 })),
    { maxLength: 120 },
  )
  .map((parts) => parts.join(""));
const edited = (text: string): fc.Arbitrary<string> =>
  fc
    .tuple(fc.nat(text.length), fc.nat(40), fc.string({ unit: "binary", maxLength: 20 }))
    .map(([at, cut, put]) => text.slice(0, at) + put + text.slice(at + cut));

const onlyAitoErrors = (run: () => unknown): void => {
  try {
    run();
  } catch (error) {
    if (!isAitoError(error, "AITO_FLEET_INVALID")) throw error;
    for (const line of error.message.split("\n")) expect(line).toMatch(/^[\w./-]+:\d+(:\d+)?: expected .+, found .+$/);
  }
};

test("P02 any Markdown is a profile or a list of problems, each with its line", () => {
  fc.assert(
    fc.property(fc.oneof(nearMarkdown, edited(cmo), fc.string({ unit: "binary", maxLength: 400 })), (markdown) =>
      onlyAitoErrors(() => parseProfile({ file: "cmo.md", markdown, kind: "agent" })),
    ),
    { numRuns: 400 },
  );
});

test("P02 any YAML is a fleet or a list of problems, each with its line", () => {
  fc.assert(
    fc.property(fc.oneof(edited(fleet), fc.string({ unit: "binary", maxLength: 200 })), (yaml) =>
      onlyAitoErrors(() => parsePack((path) => (path === "fleet.yaml" ? yaml : cmo), "fleet.yaml")),
    ),
    { numRuns: 200 },
  );
}, 120_000);

test("P02 a key with a line separator is still one line", () => {
  onlyAitoErrors(() =>
    parsePack(
      (path) => (path === "fleet.yaml" ? fleet.replace("  content-writer:", "  content\u2028-writer:") : cmo),
      "fleet.yaml",
    ),
  );
});

test("P02 deep nesting ends in a list of problems", () => {
  for (const mark of ["> ", "- ", "[", "*a ", "**a "]) {
    onlyAitoErrors(() => parseProfile({ file: "cmo.md", markdown: `${cmo}\n${mark.repeat(3_000)}`, kind: "agent" }));
  }
});
