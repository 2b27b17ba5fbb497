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

test("S10 rows and blocks of any length are read", () => {
  const row = `{${'"lot": 1, '.repeat(200)}"boxes": 316, "pallets": 22}`;
  expect(unsupportedNumbers(`\`\`\`json\n${row}\n\`\`\``, [claim]).map(({ text }) => text)).toContain("22");
  const table = `${"a=1\n".repeat(400)}boxes=316 pallets=22`;
  expect(unsupportedNumbers(`\`\`\`\n${table}\n\`\`\``, [claim]).map(({ text }) => text)).toContain("22");
  expect(dataBlocks(`\`\`\`\n${'"a":1,'.repeat(20_000)}\n\`\`\``)).toHaveLength(1);
});

test("S10 a line among code that is too long to be read is marked as unread, where it holds a number", () => {
  const marks = (line: string) => unsupportedNumbers(`Boxes: 316.\n\n\`\`\`\n${line}\n\`\`\``, [claim]);
  const [mark, ...more] = marks(`${"call(x);".repeat(60)}sold=51200;`);
  expect([mark!.text, more]).toEqual(["call(x);".repeat(5), []]);
  expect(mark!.why).toContain("not read");
  expect(marks("call(x);".repeat(60))).toEqual([]);
  expect(marks("sold=51200; call(x);")).toEqual([]);
});

test("S10 a sentence in a fence is read as the text around it, code and logs are not", () => {
  const marks = (line: string): string[] =>
    unsupportedNumbers(`Boxes: 316.\n\n\`\`\`\n${line}\n\`\`\``, [claim]).map(({ text }) => text);
  expect(marks("By the way, we have spent 41,200 dollars on it.")).toEqual(["41,200 dollars"]);
  expect(marks(`${"It was a long day and the team is tired. ".repeat(20)}We sold 512 boxes.`)).toEqual(["512"]);
  expect(marks(`${"x={y:1};".repeat(80)} but all in all we have sold about 512 boxes of the new kind`)).toContain("512");
  for (const line of [
    "2027-03-01 12:00:04 the worker was restarted after 3000 ms of silence",
    "# we wait for 30 seconds so that the server is up",
    "const wait = 3000; // as long as the server is slow",
    "retry_max 21 is the limit that the pool has",
  ])
    expect([line, marks(line)]).toEqual([line, []]);
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
