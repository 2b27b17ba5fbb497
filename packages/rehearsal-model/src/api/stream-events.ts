import type { Message, ReplyBlock } from "./message.ts";

const deltaCharsMax = 64;

/** A message as server-sent events, in the vendor's order: message_start, the blocks, message_delta, message_stop. */
export function* streamEvents(message: Message): Generator<string> {
  const { content, stop_reason, stop_sequence, usage, ...rest } = message;
  const start = { ...rest, content: [], stop_reason: null, stop_sequence: null, usage: { ...usage, output_tokens: 1 } };
  yield event("message_start", { message: start });
  yield event("ping", {});
  for (const [index, block] of content.entries()) {
    yield event("content_block_start", { index, content_block: opened(block) });
    for (const delta of deltas(block)) yield event("content_block_delta", { index, delta });
    yield event("content_block_stop", { index });
  }
  yield event("message_delta", { delta: { stop_reason, stop_sequence }, usage });
  yield event("message_stop", {});
}

const event = (type: string, data: Record<string, unknown>): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;

const opened = (block: ReplyBlock): ReplyBlock => (block.type === "text" ? { ...block, text: "" } : { ...block, input: {} });

function* deltas(block: ReplyBlock): Generator<Record<string, unknown>> {
  if (block.type === "text") {
    for (const text of pieces(block.text)) yield { type: "text_delta", text };
  } else {
    yield { type: "input_json_delta", partial_json: "" };
    for (const partial_json of pieces(JSON.stringify(block.input))) yield { type: "input_json_delta", partial_json };
  }
}

/** By characters, never through the middle of a surrogate pair. */
function* pieces(text: string): Generator<string> {
  let piece = "";
  for (const character of text) {
    piece += character;
    if (piece.length < deltaCharsMax) continue;
    yield piece;
    piece = "";
  }
  if (piece !== "") yield piece;
}
