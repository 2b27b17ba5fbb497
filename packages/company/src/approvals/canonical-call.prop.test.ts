import fc from "fast-check";
import { expect, test } from "vitest";
import { approvalDigest, type Asker, type Call, callDigest, canonicalText } from "./canonical-call.ts";

const json = fc.jsonValue();
const call = (args: Record<string, unknown>): Call => ({
  tool: "publish_text",
  schemaVersion: "v",
  arguments: args,
  files: [{ name: "a.txt", sha256: "0".repeat(64), bytes: 1 }],
});
const asker: Asker = { agent: "cmo", epoch: 3, expiresAt: new Date("2026-11-21T12:00:00Z") };

function reversed(item: unknown): unknown {
  if (Array.isArray(item)) return item.map(reversed);
  if (item === null || typeof item !== "object") return item;
  return Object.fromEntries(
    Object.entries(item)
      .toReversed()
      .map(([key, inner]) => [key, reversed(inner)]),
  );
}

test("Y10 equal values have one text whatever the order of their keys, and it is JSON of the same value", () => {
  fc.assert(
    fc.property(json, (value) => {
      const text = canonicalText(value);
      expect(canonicalText(reversed(value))).toBe(text);
      expect(canonicalText(JSON.parse(text))).toBe(text);
    }),
    { numRuns: 2_000 },
  );
});

test("Y10 different values have different digests", () => {
  fc.assert(
    fc.property(json, json, (a, b) => {
      const same = canonicalText(a) === canonicalText(b);
      expect(callDigest(call({ a })) === callDigest(call({ a: b }))).toBe(same);
      if (!same) expect(JSON.parse(canonicalText(a))).not.toEqual(JSON.parse(canonicalText(b)));
    }),
    { numRuns: 2_000 },
  );
});

test.each<[string, unknown, string]>([
  ["whole numbers have no fraction", 1.0, "1"],
  ["minus zero is zero", -0, "0"],
  ["large and small numbers are written as ECMAScript does", [1e21, 1e-7, 0.1 + 0.2], "[1e+21,1e-7,0.30000000000000004]"],
  ["a number is not its text", ["1.5", 1.5], '["1.5",1.5]'],
  [
    "keys stand by their UTF-16 code units",
    { "\uFB33": 1, "\u{1F600}": 2, b: 3, a: 4 },
    '{"a":4,"b":3,"\u{1F600}":2,"\uFB33":1}',
  ],
  ["undefined is not there", { a: undefined, b: null }, '{"b":null}'],
  ["lone surrogates and NUL are replaced", "a\uD800\0", '"a\uFFFD\uFFFD"'],
])("Y10 canonical text: %s", (_name, value, text) => expect(canonicalText(value)).toBe(text));

test.each([Number.NaN, Number.POSITIVE_INFINITY, 1n, () => 1, Symbol("x")])("Y10 canonical text refuses %s", (value) => {
  expect(() => canonicalText({ value })).toThrow(TypeError);
});

test("Y10 unicode twins are different calls, composed or not", () => {
  const [composed, decomposed, cyrillic, hidden] = ["caf\u00e9", "cafe\u0301", "c\u0430f\u00e9", "caf\u00e9\u200b"].map((title) =>
    callDigest(call({ title })),
  );
  expect(new Set([composed, decomposed, cyrillic, hidden]).size).toBe(4);
});

test("Y10 an approval's digest changes with tool, schema version, arguments, files, agent, epoch and expiry", () => {
  const base = call({ title: "x" });
  const variants: [Call, Asker][] = [
    [base, asker],
    [{ ...base, tool: "publish_texts" }, asker],
    [{ ...base, schemaVersion: "w" }, asker],
    [{ ...base, arguments: { title: "y" } }, asker],
    [{ ...base, files: [] }, asker],
    [{ ...base, files: [{ name: "b.txt", sha256: "0".repeat(64), bytes: 1 }] }, asker],
    [{ ...base, files: [{ name: "a.txt", sha256: "1".repeat(64), bytes: 1 }] }, asker],
    [base, { ...asker, agent: "coo" }],
    [base, { ...asker, epoch: 4 }],
    [base, { ...asker, expiresAt: new Date("2026-11-21T12:00:00.001Z") }],
  ];
  expect(new Set(variants.map(([each, by]) => approvalDigest(each, by))).size).toBe(variants.length);
});
