import { systemClock } from "@aito/base";
import { expect, test } from "vitest";
import { type ModelReply, type ModelRequest, runToolLoop, type ToolAnswer, type ToolLoopInput } from "./tool-loop.ts";

const tool = { name: "save_state", description: "", input_schema: { type: "object" as const } };
const text = (value: string, stopReason = "end_turn"): ModelReply => ({
  ok: true,
  content: [{ type: "text", text: value }],
  stopReason,
  outputTokens: 5,
});
const use = (ids: string[], name = "save_state", stopReason = "tool_use"): ModelReply => ({
  ok: true,
  content: ids.map((id) => ({ type: "tool_use", id, name, input: { id } })),
  stopReason,
  outputTokens: 5,
});

function loop(replies: ModelReply[], more: Partial<ToolLoopInput> = {}) {
  const requests: ModelRequest[] = [];
  const called: string[] = [];
  const run = runToolLoop({
    callModel: async (request) => {
      requests.push({ ...request, turns: structuredClone(request.turns) });
      return replies[requests.length - 1] ?? { ok: false, error: "the script is over", refused: false };
    },
    tools: [tool],
    callTool: async (_name, input): Promise<ToolAnswer> => {
      called.push((input as { id: string }).id);
      return { ok: true, text: "saved" };
    },
    prompt: { system: [], user: "go" },
    limits: { turnsMax: 5, runSecondsMax: 60, outputTokensMax: 1_000 },
    clock: systemClock,
    signal: new AbortController().signal,
    onStep: () => undefined,
    ...more,
  });
  return { run, requests, called };
}

test("ends when the model answers without a tool, with its text as the summary", async () => {
  const { run, requests } = loop([text("All quiet.")]);
  expect(await run).toMatchObject({ outcome: "done", summary: "All quiet.", error: null, modelCalls: 1 });
  expect(requests[0]!.turns).toEqual([{ role: "user", content: "go" }]);
});

test("every tool_use is answered once, in the order in which the model asked", async () => {
  const { run, requests, called } = loop([use(["a", "b", "c"]), text("ok")]);
  const result = await run;
  expect(called).toEqual(["a", "b", "c"]);
  expect(result.toolCalls).toHaveLength(3);
  expect(requests[1]!.turns[2]!.content).toEqual(
    ["a", "b", "c"].map((id) => ({ type: "tool_result", tool_use_id: id, content: "saved", is_error: false })),
  );
});

test("a tool that is not granted is answered with an error and never called", async () => {
  const { run, requests, called } = loop([use(["a"], "launch_rocket"), text("I see.")]);
  expect((await run).outcome).toBe("done");
  expect(called).toEqual([]);
  expect(requests[1]!.turns[2]!.content).toMatchObject([{ is_error: true, content: expect.stringContaining("launch_rocket") }]);
});

test("a failing tool is shown to the model as an error, and the loop goes on", async () => {
  const { run, requests } = loop([use(["a"]), text("I could not save.")], {
    callTool: async () => ({ ok: false, text: "AITO_X: no" }),
  });
  expect(await run).toMatchObject({ outcome: "done", toolCalls: [{ name: "save_state", ok: false }] });
  expect(requests[1]!.turns[2]!.content).toMatchObject([{ is_error: true, content: "AITO_X: no" }]);
});

test("a tool call in an answer cut at the token limit is not run", async () => {
  const { run, called } = loop([use(["a"], "save_state", "max_tokens"), text("again")]);
  await run;
  expect(called).toEqual([]);
});

test("the last turn offers no tools, and using all turns is a failure that says so", async () => {
  const { run, requests } = loop([use(["a"]), use(["b"]), use(["c"])], {
    limits: { turnsMax: 3, runSecondsMax: 60, outputTokensMax: 1_000 },
  });
  expect(await run).toMatchObject({ outcome: "failed", error: "the run used its 3 turns", modelCalls: 3 });
  expect(requests.map((request) => request.noTools)).toEqual([false, false, true]);
});

test("the output tokens of a run are bounded, and each call asks for no more than what is left", async () => {
  const { run, requests } = loop([use(["a"]), use(["b"])], { limits: { turnsMax: 9, runSecondsMax: 60, outputTokensMax: 10 } });
  expect(await run).toMatchObject({ outcome: "failed", error: "the run used its 10 output tokens", modelCalls: 2 });
  expect(requests.map((request) => request.maxTokens)).toEqual([10, 5]);
});

test("the time limit stops the run; tools that were asked for but not run are answered as such", async () => {
  const { run } = loop([use(["a", "b"])], {
    limits: { turnsMax: 9, runSecondsMax: 0.05, outputTokensMax: 1_000 },
    callTool: (_name, _input, signal) =>
      new Promise((resolve) => signal.addEventListener("abort", () => resolve({ ok: false, text: "stopped" }), { once: true })),
  });
  expect(await run).toMatchObject({
    outcome: "failed",
    error: "the run took over 0.05 s",
    toolCalls: [{ ok: false }, { ok: false }],
  });
});

test("a paused turn is sent again as it is; a refusal and a cut text are failures", async () => {
  const paused = loop([text("thinking", "pause_turn"), text("done")]);
  expect(await paused.run).toMatchObject({ outcome: "done", modelCalls: 2, summary: "done" });
  expect(await loop([text("no", "refusal")]).run).toMatchObject({ outcome: "failed", error: "the model declined to answer" });
  expect(await loop([text("long", "max_tokens")]).run).toMatchObject({ outcome: "failed" });
});

test("a failing model ends the run with its error", async () => {
  expect(await loop([{ ok: false, error: "429 slow down", refused: false }]).run).toMatchObject({
    outcome: "failed",
    error: "429 slow down",
  });
});

test("after a refused tool call nothing more is called", async () => {
  const { run, requests } = loop([use(["a", "b"])], { callTool: async () => ({ ok: false, text: "409", refused: true }) });
  expect(await run).toMatchObject({ outcome: "failed", refused: true, modelCalls: 1 });
  expect(requests).toHaveLength(1);
});

test("F15 a call that is wrong in form is told to the model in its next turn and never run", async () => {
  const content = [
    { type: "tool_use", id: "a", name: "save_state", input: '{"id": "never' },
    { type: "tool_use", id: "b", name: "save_state", input: { id: "fine" } },
    { type: "tool_use", id: "b", name: "save_state", input: { id: "twice" } },
  ];
  const { run, requests, called } = loop([{ ok: true, content, stopReason: "tool_use", outputTokens: 5 }, text("I see.")]);
  expect((await run).outcome).toBe("done");
  expect(called).toEqual(["fine"]);
  const results = requests[1]!.turns[2]!.content as { content: string; is_error: boolean }[];
  expect(results.map((each) => each.is_error)).toEqual([true, false, true]);
  expect(results[0]!.content).toContain("not JSON");
});

test.each([["max_tokens"], [null], ["refusal"], ["model_context_window_exceeded"]])(
  "F15 the calls of an answer that stopped with %s are not run",
  async (stopReason) => {
    const { run, called } = loop([{ ...use(["a"]), stopReason } as ModelReply, text("Sorry.")]);
    expect((await run).outcome).toBe("done");
    expect(called).toEqual([]);
  },
);

test("F15 a model that stops for a tool without calling one is asked again, within its turns", async () => {
  const { run, requests } = loop([text("I will look.", "tool_use"), text("Nothing there.")]);
  expect(await run).toMatchObject({ outcome: "done", summary: "Nothing there." });
  expect(requests[1]!.turns.at(-1)).toMatchObject({ role: "user", content: expect.stringContaining("no tool call came") });
  const stubborn = loop(Array.from({ length: 9 }, () => text("I will look.", "tool_use")));
  expect(await stubborn.run).toMatchObject({ outcome: "failed", error: "the run used its 5 turns" });
});

test("F15 content that is no list ends the run as an answer without words", async () => {
  const { run } = loop([{ ok: true, content: null, stopReason: "end_turn", outputTokens: Number.NaN }]);
  expect(await run).toMatchObject({ outcome: "done", toolCalls: [] });
});
