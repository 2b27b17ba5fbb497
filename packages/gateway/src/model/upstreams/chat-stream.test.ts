import fc from "fast-check";
import { expect, test } from "vitest";
import type { MessagesEvent } from "./chat-blocks.ts";
import { messagesAnswer, toolInput } from "./chat-answer.ts";
import { makeChatStream } from "./chat-stream.ts";

const encoder = new TextEncoder();
const sse = (chunks: unknown[], done = true): string =>
  chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join("") + (done ? "data: [DONE]\n\n" : "");
const delta = (change: object, finish: string | null = null) => ({
  id: "chatcmpl-1",
  choices: [{ index: 0, delta: change, finish_reason: finish }],
});
const usage = {
  id: "chatcmpl-1",
  choices: [],
  usage: { prompt_tokens: 30, completion_tokens: 7, prompt_tokens_details: { cached_tokens: 10 } },
};

/** Feeds the bytes cut at `cuts`. */
function run(text: string, cuts: number[] = []): MessagesEvent[] {
  let number = 0;
  const stream = makeChatStream({ model: "local", newId: () => `id${(number += 1)}` });
  const bytes = encoder.encode(text);
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).toSorted((a, b) => a - b), bytes.length];
  const events = places.slice(1).flatMap((place, at) => stream.feed(bytes.subarray(places[at], place)));
  return [...events, ...stream.end()];
}

/** What a client puts together from the events; checks on the way that blocks are opened, filled and closed one by one. */
function assemble(events: MessagesEvent[]) {
  const content: { type: string; text: string; id?: string; name?: string }[] = [];
  let open = -1;
  for (const event of events) {
    if (event.type === "content_block_start") {
      expect(open).toBe(-1);
      expect(event["index"]).toBe(content.length);
      open = event["index"] as number;
      const block = event["content_block"] as { type: string; id?: string; name?: string };
      content.push({ ...block, text: "" });
    } else if (event.type === "content_block_delta") {
      expect(event["index"]).toBe(open);
      const piece = event["delta"] as { text?: string; partial_json?: string };
      content[open]!.text += piece.text ?? piece.partial_json ?? "";
    } else if (event.type === "content_block_stop") {
      expect(event["index"]).toBe(open);
      open = -1;
    }
  }
  expect(open).toBe(-1);
  return content;
}

test("a streamed chat answer becomes the events of a Messages answer, with usage and the reason to stop", () => {
  const events = run(sse([delta({ role: "assistant", content: "Hel" }), delta({ content: "lo" }, "stop"), usage]));
  expect(events.map((event) => event.type)).toEqual([
    "message_start",
    "content_block_start",
    "content_block_delta",
    "content_block_delta",
    "content_block_stop",
    "message_delta",
    "message_stop",
  ]);
  expect(events.at(-2)).toMatchObject({
    delta: { stop_reason: "end_turn" },
    usage: { input_tokens: 20, output_tokens: 7, cache_read_input_tokens: 10 },
  });
});

test("mixed tool calls and text come out as whole blocks, wherever the bytes are cut", () => {
  const pieces = [
    delta({ content: "Looking… é" }),
    delta({ tool_calls: [{ index: 0, id: "call_a", function: { name: "read", arguments: '{"pa' } }] }),
    delta({ tool_calls: [{ index: 1, id: "call_b", function: { name: "list", arguments: "" } }] }),
    delta({ content: "one more thing" }),
    delta({ tool_calls: [{ index: 0, function: { arguments: 'th":"x"}' } }] }),
    delta({ tool_calls: [{ index: 1, function: { arguments: "{}" } }] }, "tool_calls"),
    usage,
  ];
  const whole = [
    { type: "text", text: "Looking… é" },
    { type: "tool_use", id: "call_a", name: "read", text: '{"path":"x"}' },
    { type: "tool_use", id: "call_b", name: "list", text: "{}" },
    { type: "text", text: "one more thing" },
  ];
  fc.assert(
    fc.property(fc.array(fc.nat(2_000), { maxLength: 20 }), (cuts) => {
      const events = run(sse(pieces), cuts);
      expect(assemble(events)).toMatchObject(whole);
      expect(events.at(-2)).toMatchObject({ delta: { stop_reason: "tool_use" } });
    }),
  );
});

test("calls without id or index get their own, and an endpoint that says stop after a call is read as tool use", () => {
  const events = run(sse([delta({ tool_calls: [{ id: "", function: { name: "read", arguments: { path: "x" } } }] }, "stop")]));
  expect(assemble(events)).toMatchObject([{ id: "toolu_id1", name: "read", text: '{"path":"x"}' }]);
  expect(events.at(-2)).toMatchObject({ delta: { stop_reason: "tool_use" }, usage: { input_tokens: null, output_tokens: null } });
});

test("a cut, broken or failing stream ends with an error and never looks whole", () => {
  const cut = run(sse([delta({ content: "Hel" })], false));
  expect(cut.at(-1)).toEqual({ type: "error", error: { type: "api_error", message: "the endpoint's answer was cut off" } });
  expect(run(`${sse([delta({ content: "a" })], false)}data: {broken\n\n`).at(-1)).toMatchObject({ type: "error" });
  expect(run(sse([delta({ content: "a" }), { error: { message: "out of memory" } }])).at(-1)).toMatchObject({
    type: "error",
    error: { message: "out of memory" },
  });
  for (const events of [cut]) expect(events.some((event) => event.type === "message_stop")).toBe(false);
});

test("whatever bytes an endpoint sends, blocks stay in order and the end comes once", () => {
  const piece = fc.oneof(
    fc.string().map((text) => `data: ${text}\n\n`),
    fc.json().map((text) => `data: ${text}\n`),
    fc.constantFrom("data: [DONE]\n\n", ": comment\n", "event: x\n", "\r\n"),
    fc
      .record({
        content: fc.option(fc.string()),
        at: fc.nat(3),
        args: fc.string(),
        finish: fc.constantFrom(null, "stop", "length"),
      })
      .map(({ content, at, args, finish }) =>
        sse([delta({ content, tool_calls: [{ index: at, function: { name: "t", arguments: args } }] }, finish)], false),
      ),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.array(fc.nat(5_000), { maxLength: 8 }), (parts, cuts) => {
      const events = run(parts.join(""), cuts);
      const ends = events.filter((event) => event.type === "message_stop" || event.type === "error");
      expect(ends).toHaveLength(1);
      expect(events.at(-1)).toBe(ends[0]);
      if (events.at(-1)!.type === "message_stop") assemble(events);
    }),
    { numRuns: 1_000 },
  );
});

test("a whole chat answer becomes a Messages answer; arguments that are no object stay text, which no schema takes", () => {
  const answer = messagesAnswer(
    {
      id: "chatcmpl-9",
      choices: [
        {
          finish_reason: "tool_calls",
          message: {
            content: null,
            tool_calls: [
              { id: "a", function: { name: "read", arguments: '{"path":"x"}' } },
              { id: "b", function: { name: "read", arguments: '{"path":' } },
            ],
          },
        },
      ],
      usage: { prompt_tokens: 5, completion_tokens: 2 },
    },
    "local",
    () => "n",
  );
  expect(answer).toMatchObject({
    type: "message",
    stop_reason: "tool_use",
    content: [
      { type: "tool_use", id: "a", input: { path: "x" } },
      { type: "tool_use", id: "b", input: '{"path":' },
    ],
    usage: { input_tokens: 5, output_tokens: 2 },
  });
  expect(messagesAnswer({ choices: [] }, "local", () => "n")).toBeNull();
  for (const text of ["[1]", "null", "7", '"x"', "{"]) expect(toolInput(text)).toBe(text);
  expect(toolInput("")).toEqual({});
});

test("what must wait for its turn is bounded", () => {
  const stream = makeChatStream({ model: "local", newId: () => "n" });
  const piece = (index: number, size: number) =>
    encoder.encode(
      sse([delta({ tool_calls: [{ index, id: "c", function: { name: "t", arguments: "x".repeat(size) } }] })], false),
    );
  stream.feed(piece(0, 3_000_000));
  for (let sent = 0; sent < 15_000_000; sent += 3_000_000) stream.feed(piece(1, 3_000_000));
  expect(() => stream.feed(piece(1, 3_000_000))).toThrow(/more than 16 MB/);
});
