import { expect, test } from "vitest";
import { blockCharsMax, blocksMax, readReply, replyCharsMax, UnreadableReply } from "./read-reply.ts";

const begin = { type: "message_start", message: { usage: { input_tokens: 1, output_tokens: 1 } } };
const block = (index: unknown, content_block: object) => ({ type: "content_block_start", index, content_block });
const delta = (index: unknown, change: object) => ({ type: "content_block_delta", index, delta: change });
const json = (index: unknown, partial_json: string) => delta(index, { type: "input_json_delta", partial_json });
const stop = (index: unknown) => ({ type: "content_block_stop", index });
const end = (stop_reason: unknown = "end_turn", usage: unknown = { output_tokens: 9 }) => ({
  type: "message_delta",
  delta: { stop_reason },
  usage,
});
const over = { type: "message_stop" };
const use = { type: "tool_use", id: "t", name: "save_state", input: {} };

const read = (...events: unknown[]) =>
  readReply(
    (async function* () {
      yield* events;
    })(),
    () => undefined,
  );

test("text, thinking and a call's arguments are put together from their pieces", async () => {
  const reply = await read(
    { type: "a later kind", data: [] },
    begin,
    block(0, { type: "thinking", thinking: "" }),
    delta(0, { type: "thinking_delta", thinking: "hm" }),
    delta(0, { type: "signature_delta", signature: "s" }),
    stop(0),
    block(1, { type: "text", text: "" }),
    delta(1, { type: "text_delta", text: "Hel" }),
    delta(1, { type: "text_delta", text: "lo" }),
    { type: "ping" },
    stop(1),
    block(2, use),
    json(2, ""),
    json(2, '{"key"'),
    json(2, ':"k"}'),
    stop(2),
    end("tool_use"),
    over,
  );
  expect(reply).toEqual({
    content: [
      { type: "thinking", thinking: "hm", signature: "s" },
      { type: "text", text: "Hello" },
      { ...use, input: { key: "k" } },
    ],
    stopReason: "tool_use",
    outputTokens: 9,
  });
});

test("F15 arguments that are no JSON stay the text that came, and are never completed", async () => {
  const { content } = await read(begin, block(0, use), json(0, '{"key":"k","value":"ha'), stop(0), end(), over);
  expect(content).toEqual([{ ...use, input: '{"key":"k","value":"ha' }]);
});

test.each([
  ["no start", [block(0, use), stop(0), end(), over]],
  ["two starts", [begin, begin, over]],
  ["no end", [begin, block(0, use), stop(0), end("tool_use")]],
  ["nothing", []],
  ["an end inside a block", [begin, block(0, use), json(0, "{}"), end("tool_use"), over]],
  ["a piece of a block that is not there", [begin, json(3, "{}"), over]],
  ["a piece of a block that has ended", [begin, block(0, use), stop(0), json(0, "{}"), over]],
  ["two blocks of one number", [begin, block(0, use), stop(0), block(0, use), stop(0), over]],
  ["a block without a type", [begin, block(0, {}), stop(0), over]],
  ["a block that is an array", [begin, { ...block(0, {}), content_block: [] }, over]],
  ["events that are none", [null, 5, "x", [], {}]],
  ["blocks without end", [begin, ...Array.from({ length: blocksMax + 1 }, (_, index) => block(index, use))]],
])("F15 %s: nothing of the answer is used", async (_what, events) => {
  await expect(read(...events)).rejects.toThrow(UnreadableReply);
});

test("F15 a flood is cut block by block, and ends the answer in the end", async () => {
  const piece = "x".repeat(blockCharsMax);
  const text = [begin, block(0, { type: "text", text: "" }), ...[1, 2].map(() => delta(0, { type: "text_delta", text: piece }))];
  const { content } = await read(...text, stop(0), end(), over);
  expect((content[0]!["text"] as string).length).toBe(blockCharsMax);
  const pieces = Array.from({ length: replyCharsMax / blockCharsMax + 1 }, () => json(0, piece));
  await expect(read(begin, block(0, use), ...pieces)).rejects.toThrow(UnreadableReply);
});

test.each([[null], [{}], [{ output_tokens: -5 }], [{ output_tokens: 1e300 }], [{ output_tokens: "7" }], ["x"]])(
  "F15 with a usage of %j the answer's tokens are taken from its length",
  async (usage) => {
    const from = { type: "message_start", message: {} };
    const text = delta(0, { type: "text_delta", text: "x".repeat(300) });
    const { outputTokens } = await read(from, block(0, { type: "text" }), text, stop(0), end("end_turn", usage), over);
    expect(outputTokens).toBe(100);
  },
);
