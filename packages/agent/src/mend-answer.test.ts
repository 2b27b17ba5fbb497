import { expect, test } from "vitest";
import { argumentCharsMax, argumentDepthMax, callsMax, mendAnswer } from "./mend-answer.ts";

const call = (input: unknown, more: object = {}) => ({ type: "tool_use", id: "a", name: "save_state", input, ...more });
const mend = (...content: unknown[]) => mendAnswer(content, new Set());
const problemOf = (input: unknown): string | null => mend(call(input)).calls[0]!.problem;
const nested = (depth: number): unknown => JSON.parse(`${"[".repeat(depth)}${"]".repeat(depth)}`);

test("F15 a sound call stays as it is, with text that no store refuses", () => {
  const { blocks, calls } = mend({ type: "text", text: "on it" }, call({ key: "k", value: "a\0b\ud800" }));
  const input = { key: "k", value: "a\ufffdb\ufffd" };
  expect(calls).toEqual([{ id: "a", name: "save_state", input, problem: null }]);
  expect(blocks).toEqual([
    { type: "text", text: "on it" },
    { type: "tool_use", id: "a", name: "save_state", input },
  ]);
});

test.each([
  ["text that is no JSON", '{"key": "k", "val', 'the arguments are not JSON: "{\\"key\\": \\"k\\", \\"val"'],
  ["an array", [1], "must be a JSON object, not an array"],
  ["a number", 5, "must be a JSON object, not 5"],
  ["null", null, "must be a JSON object, not null"],
  ["nothing", undefined, "must be a JSON object, not undefined"],
  ["deep JSON", { value: nested(10_000) }, `nested deeper than ${argumentDepthMax}`],
  ["a number past all numbers", JSON.parse('{"value":1e999}'), "a number that is too large"],
  ["ten megabytes", { value: "x".repeat(10_000_000) }, `longer than ${argumentCharsMax}`],
  ["a million values", { value: Array.from({ length: 1_000_000 }, () => 1) }, `longer than ${argumentCharsMax}`],
])("F15 %s as arguments is told to the model and goes back as an empty object", (_what, input, told) => {
  const { blocks, calls } = mend(call(input));
  expect(calls[0]!.problem).toContain(told);
  expect(calls[0]!.problem!.length).toBeLessThan(1_000);
  expect(blocks).toEqual([{ type: "tool_use", id: "a", name: "save_state", input: {} }]);
});

test("F15 the deepest and longest arguments that are allowed pass", () => {
  expect(problemOf({ value: nested(argumentDepthMax - 1) })).toBeNull();
  expect(problemOf({ value: nested(argumentDepthMax) })).not.toBeNull();
  expect(problemOf({ v: "x".repeat(argumentCharsMax - 1) })).toBeNull();
  expect(problemOf({ v: "x".repeat(argumentCharsMax) })).not.toBeNull();
});

test("F15 two calls of one answer with one id: the second is not run and has an id of its own", () => {
  const used = new Set<string>();
  const { calls } = mendAnswer([call({}), call({})], used);
  expect(calls.map(({ id, problem }) => [id, problem === null])).toEqual([
    ["a", true],
    ["call_2", false],
  ]);
  // An id of an earlier answer is a weak endpoint's numbering, not a repeated call.
  const later = mendAnswer([call({}), call({}, { id: "call_2" })], used);
  expect(later.calls.map(({ id, problem }) => [id, problem])).toEqual([
    ["call_3", null],
    ["call_4", null],
  ]);
});

test.each([[null], [5], [""], ["two words"], ["x".repeat(200)], [{}]])("F15 an id like %j is replaced", (id) => {
  expect(mend(call({}, { id })).calls).toEqual([{ id: "call_1", name: "save_state", input: {}, problem: null }]);
});

test.each([[null], [5], [""], ["rm -rf /"], ["x".repeat(10_000_000)], [{}], ["save_state\ud800"]])(
  "F15 a name like %.20j is no tool's",
  (name) => {
    const [named] = mend(call({}, { name })).calls;
    expect(named).toMatchObject({
      name: "unknown",
      problem: expect.stringMatching(/^not run: there is no tool named .{0,400}$/),
    });
  },
);

test("F15 content that is none, empty texts and blocks of no kind leave an answer that can be sent back", () => {
  for (const content of [null, "text", {}, [], [null, 5, [], {}, { type: 5 }, { type: "text" }, { type: "text", text: " " }]])
    expect(mendAnswer(content, new Set())).toEqual({ blocks: [{ type: "text", text: "(no text)" }], calls: [] });
  const thinking = { type: "thinking", thinking: "hm", signature: "s" };
  expect(mend(thinking, { type: "server_tool_use", input: nested(10_000) }).blocks).toEqual([thinking]);
});

test(`F15 of one answer ${callsMax} calls are run`, () => {
  const { calls } = mend(...Array.from({ length: callsMax + 1 }, (_, id) => call({}, { id: `c${id}` })));
  expect(calls.filter(({ problem }) => problem === null)).toHaveLength(callsMax);
  expect(calls.at(-1)!.problem).toContain("call it again later");
});
