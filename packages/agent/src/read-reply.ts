import type { ContentBlock } from "./tool-loop.ts";

/** One text or one call's arguments; what is longer is cut, so that a flood of a model is not held in memory. */
export const blockCharsMax = 1_000_000;
export const replyCharsMax = 16_000_000;
export const blocksMax = 1_000;
const tokensMax = 10_000_000;
/** Tokens have three to four characters of most texts. */
const charsPerToken = 3;

export interface Reply {
  content: ContentBlock[];
  stopReason: string | null;
  outputTokens: number;
}

/** An answer whose events make no message: nothing of it is used. */
export class UnreadableReply extends Error {}

type Fields = Record<string, unknown>;
interface Open {
  block: Fields & { type: string };
  /** Pieces of a call's arguments, as JSON text. */
  json: string;
  isOpen: boolean;
}

const fields = (value: unknown): Fields =>
  value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Fields) : {};
const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/**
 * Puts a stream's events together to one answer, and believes nothing of them: they may be missing, doubled, out of order, huge or
 * of the wrong kind. Arguments that are no JSON stay as the text that came, for the caller to refuse; they are never completed
 * by guessing. Throws UnreadableReply when the events make no whole message, and whatever `events` throws.
 */
export async function readReply(events: AsyncIterable<unknown>, onEvent: () => void): Promise<Reply> {
  const blocks = new Map<unknown, Open>();
  let begun = false;
  let stopReason: string | null = null;
  let saidTokens: unknown;
  let chars = 0;

  const start = (event: Fields): void => {
    const block = fields(event["content_block"]);
    if (typeof block["type"] !== "string") throw new UnreadableReply("a block of the model's answer has no type");
    if (blocks.has(event["index"])) throw new UnreadableReply("the model's answer has two blocks of one number");
    if (blocks.size >= blocksMax) throw new UnreadableReply(`the model's answer has more than ${blocksMax} blocks`);
    blocks.set(event["index"], { block: { ...block, type: block["type"] }, json: "", isOpen: true });
  };
  const grow = (event: Fields): void => {
    const open = blocks.get(event["index"]);
    if (!open?.isOpen) throw new UnreadableReply("the model's answer goes on with a block that is not open");
    const delta = fields(event["delta"]);
    for (const [type, key, from] of pieces) {
      if (delta["type"] !== type) continue;
      const piece = textOf(delta[from]);
      chars += piece.length;
      if (key === null) open.json = (open.json + piece).slice(0, blockCharsMax);
      else open.block[key] = (textOf(open.block[key]) + piece).slice(0, blockCharsMax);
    }
    if (chars > replyCharsMax) throw new UnreadableReply(`the model's answer has over ${replyCharsMax} characters`);
  };

  for await (const each of events) {
    onEvent();
    const event = fields(each);
    if (event["type"] === "message_start") {
      if (begun) throw new UnreadableReply("the model's answer began twice");
      begun = true;
      saidTokens = fields(fields(event["message"])["usage"])["output_tokens"];
      continue;
    }
    if (!begun && partTypes.has(event["type"])) throw new UnreadableReply("the model's answer did not begin with its start");
    if (event["type"] === "content_block_start") start(event);
    else if (event["type"] === "content_block_delta") grow(event);
    else if (event["type"] === "content_block_stop") {
      const open = blocks.get(event["index"]);
      if (open) open.isOpen = false;
    } else if (event["type"] === "message_delta") {
      stopReason = textOf(fields(event["delta"])["stop_reason"]).slice(0, 100) || stopReason;
      saidTokens = fields(event["usage"])["output_tokens"] ?? saidTokens;
    } else if (event["type"] === "message_stop") {
      if ([...blocks.values()].some((open) => open.isOpen)) throw new UnreadableReply("the model's answer ended inside a block");
      return { content: [...blocks.values()].map(finished), stopReason, outputTokens: tokensOf(saidTokens, chars) };
    }
  }
  throw new UnreadableReply("the model's answer was cut off");
}

/** Events of other kinds, now and later, are nobody's business here. */
const partTypes = new Set<unknown>([
  "content_block_start",
  "content_block_delta",
  "content_block_stop",
  "message_delta",
  "message_stop",
]);

/** Kind of delta, where its text goes (null: a call's arguments), and where it stands. */
const pieces = [
  ["text_delta", "text", "text"],
  ["thinking_delta", "thinking", "thinking"],
  ["signature_delta", "signature", "signature"],
  ["input_json_delta", null, "partial_json"],
] as const;

function finished({ block, json }: Open): ContentBlock {
  if (json === "") return block;
  try {
    return { ...block, input: JSON.parse(json) as unknown };
  } catch {
    return { ...block, input: json };
  }
}

/** A run's limit of tokens holds also with a model that does not tell them, or tells nonsense. */
const tokensOf = (said: unknown, chars: number): number =>
  typeof said === "number" && Number.isInteger(said) && said >= 0 && said <= tokensMax ? said : Math.ceil(chars / charsPerToken);
