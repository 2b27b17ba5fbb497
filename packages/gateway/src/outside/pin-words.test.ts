import { expect, test } from "vitest";
import { descriptionCharactersMax, schemaCharactersMax, wordsOf } from "./pin-words.ts";
import { shapeCheck } from "./shape-check.ts";

const object = (properties: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  type: "object",
  properties,
  ...more,
});
const words = (inputSchema: unknown, more: { description?: string; outputSchema?: unknown } = {}) =>
  wordsOf("t", { name: "t", description: "Does.", inputSchema, ...more });

test("S18 the hash stands for name, description and both schemas, whatever the order of their keys", () => {
  const schema = object({ a: { type: "string" }, b: { type: "number" } });
  const { hash, problem } = words(schema);
  expect(problem).toBeNull();
  expect(words({ properties: { b: { type: "number" }, a: { type: "string" } }, type: "object" }).hash).toBe(hash);
  const others = [
    words(schema, { description: "Does. " }),
    words(schema, { outputSchema: object({}) }),
    words(object({ a: { type: "string" } })),
    words(object({ a: { type: "string", description: "more" }, b: { type: "number" } })),
    wordsOf("t", { name: "T", description: "Does.", inputSchema: schema }),
  ];
  expect(new Set([hash, ...others.map((each) => each.hash)]).size).toBe(6);
});

test("S18 words for people are one visible line of bounded length; what is hidden elsewhere in a schema is a problem", () => {
  const loud = words(object({ a: { type: "string", description: "A\u202eB\n\nC" } }), { description: "x".repeat(5_000) });
  expect([...loud.description]).toHaveLength(descriptionCharactersMax);
  expect(loud.inputSchema).toContain("A[U+202E]B C");
  expect(words(object({ "a\u200b": {} })).problem).toContain("invisible");
  expect(words(object({ a: { enum: ["x\u202e"] } })).problem).toContain("invisible");
  expect(words(object({ description: { type: "string", title: "\u200bq" } })).problem).toBeNull();
});

test("S18 a schema that cannot be checked within bounds, or takes a name of ours, is a problem and no exception", () => {
  const doubled = Object.fromEntries(
    Array.from({ length: 30 }, (_, at) => [
      `d${at}`,
      { anyOf: [{ $ref: `#/$defs/d${at + 1}` }, { $ref: `#/$defs/d${at + 1}` }] },
    ]),
  );
  const deep = Array.from({ length: 200 }).reduce<unknown>((inner) => object({ a: inner }), {});
  const problems = [
    words("text"),
    words({ type: "array" }),
    words(object({ aito_for_task: {} })),
    words(object({ a: { $ref: "#" } })),
    words(object({ a: { $ref: "https://192.0.2.1/schema" } })),
    words(object({ a: { $ref: "#/$defs/d0" } }, { $defs: { ...doubled, d30: {} } })),
    words(deep),
    words(object({ a: { description: "x".repeat(schemaCharactersMax) } })),
    words(object({}), { outputSchema: [] }),
  ].map(({ problem }) => problem);
  expect(problems.every((problem) => problem !== null)).toBe(true);
  expect(words(object({ a: { $ref: "#/$defs/a" } }, { $defs: { a: { type: "string" } } })).problem).toBeNull();
});

test("S09 values are held against a schema without the keywords that could stall the gateway", () => {
  const check = shapeCheck({
    ...object({ n: { type: "number" }, s: { type: "string", pattern: "^(a+)+$" }, list: { type: "array", uniqueItems: true } }),
    required: ["n"],
    additionalProperties: false,
  });
  expect(check({ n: 1, s: `${"a".repeat(50_000)}!`, list: Array.from({ length: 20_000 }, () => ({})) })).toBeNull();
  expect(check({ n: "1" })).not.toBeNull();
  expect(check({})).not.toBeNull();
  expect(check({ n: 1, more: 1 })).not.toBeNull();
});
