import type { Claim } from "@aito/protocol";
import { expect, test } from "vitest";
import { dataBlocks } from "./data-blocks.ts";
import { unsupportedNumbers } from "./unsupported-numbers.ts";

const claim: Claim = { metric: "boxes", value: "316", unit: "count", period: null, entity: "company", receipts: ["r"] };
const marked = (text: string): string[] => unsupportedNumbers(text, [claim]).map((mark) => mark.text);

test.each<[string, string[]]>([
  ["```\nboxes=316 pallets=22\n```", ["22"]],
  ['```json\n{\n  "boxes": 316,\n  "crates": 71\n}\n```', ["71"]],
  ["```csv\nsite,boxes,crates\nnorth,316,71\n```", ["71"]],
  ["~~~\n| boxes | crates |\n|---|---|\n| 316 | 71 |\n~~~", ["71"]],
  ["```\nboxes=317\n```", ["317"]],
  ['```json\n{ "boxes": 316, "id": 5512, "port": 8080 }\n```', []],
  ["See `71 crates`, run `boxes=71` on `v71`.", ["71"]],
])("S10 a block that states a figure of the report is part of it: %s", (text, wanted) => {
  expect(marked(text)).toEqual(wanted);
});

test.each([
  "```ts\nconst boxes = 317;\n```",
  "```sh\nboxes=317 && run --retries 3\n```",
  "```yaml\nreplicas: 4\nmemory: 512\n```",
  "```\n12:00:01 pod-7 status=503 took 88ms boxes() => 317\n```",
])("S10 code, settings and logs say no figure: %s", (text) => {
  expect(marked(text)).toEqual([]);
});

test("S10 a block that is never closed is one to the end of the text", () => {
  expect(marked("```\nboxes=316 pallets=22")).toEqual(["22"]);
});

const manyFields = Array.from({ length: 19 }, (_, at) => `"h${at}":${at},`).join("");

test.each([
  // A field could end with the comma or before it, a pair at any letter: 2 and 7 ways to read each of them.
  `{${manyFields}"peak":[14,15]}`,
  `"a":1${",".repeat(60)}(`,
  `a=${"bbbbbbbb=".repeat(20)}bbbb!`,
  `a${" 1".repeat(190)}!`,
  `a${" ".repeat(200)}${"1 ".repeat(90)}!`,
  `a 1${" ".repeat(390)}!`,
])("S10 a row of many fields that is none after all is read once: %s", (row) => {
  expect(row.length).toBeLessThanOrEqual(400);
  expect(dataBlocks(`\`\`\`\n${row}\n\`\`\`\n`.repeat(20))).toEqual([]);
});

test("S10 a line that is too long for a row is not read", () => {
  expect(dataBlocks(`\`\`\`\n${'"a":1,'.repeat(20_000)}\n\`\`\``)).toEqual([]);
});

test.each(["```\n", "```x\n", "```\n\n\n\n", "~~~\n```\n"])("S10 fences are found in one pass: %j", (piece) => {
  expect(dataBlocks(piece.repeat(20_000))).toEqual([]);
});

test("S10 a mark in a block is where it stands", () => {
  const text = "Boxes: 316.\n\n```\nboxes=316 pallets=22\n```\n";
  const [mark] = unsupportedNumbers(text, [claim]);
  expect(text.slice(mark!.start, mark!.end)).toBe("22");
  expect(dataBlocks(text)).toHaveLength(1);
});
