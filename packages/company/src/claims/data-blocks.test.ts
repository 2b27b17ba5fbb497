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

test("S10 a mark in a block is where it stands", () => {
  const text = "Boxes: 316.\n\n```\nboxes=316 pallets=22\n```\n";
  const [mark] = unsupportedNumbers(text, [claim]);
  expect(text.slice(mark!.start, mark!.end)).toBe("22");
  expect(dataBlocks(text)).toHaveLength(1);
  expect(dataBlocks("```\n".repeat(5_000))).toBeDefined();
});
