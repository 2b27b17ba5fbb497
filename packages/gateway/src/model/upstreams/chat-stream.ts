import { z } from "zod";
import { stopReason, Text, translatedUsage } from "./chat-answer.ts";
import { makeBlocks, type MessagesEvent } from "./chat-blocks.ts";

const Chunk = z.looseObject({
  id: z.string().nullish(),
  error: z.unknown().optional(),
  usage: z.unknown().optional(),
  choices: z
    .array(
      z.looseObject({
        finish_reason: z.string().nullish(),
        delta: z
          .looseObject({
            content: Text,
            refusal: Text,
            tool_calls: z
              .array(
                z.looseObject({
                  index: z.number().int().min(0).nullish(),
                  // A call's own parts are the caller's to judge: one bad call must not cost the whole answer.
                  id: z.unknown().optional(),
                  function: z.looseObject({ name: z.unknown().optional(), arguments: z.unknown().optional() }).nullish(),
                }),
              )
              .nullish(),
          })
          .nullish(),
      }),
    )
    .nullish(),
});
type Chunk = z.infer<typeof Chunk>;

const lineBytesMax = 4 * 1024 * 1024;

/**
 * Turns a chat endpoint's event stream into the Messages API's events. `feed` takes bytes as they come and returns the events that
 * they complete; `end` is called when the stream has ended and returns the last ones: an `error` event when it ended before its
 * time, because a cut answer must not look like a whole one.
 */
export interface ChatStream {
  feed(chunk: Uint8Array): MessagesEvent[];
  end(): MessagesEvent[];
}

export function makeChatStream({ model, newId }: { model: string; newId: () => string }): ChatStream {
  const decoder = new TextDecoder();
  let rest = "";
  const state = makeState({ model, newId });

  const line = (text: string): MessagesEvent[] => {
    if (!text.startsWith("data:")) return [];
    const data = text.slice(5).trim();
    if (data === "[DONE]") return state.complete();
    let chunk: Chunk;
    try {
      chunk = Chunk.parse(JSON.parse(data));
    } catch {
      return state.fail("the endpoint sent something that is no chat completion chunk");
    }
    if (chunk.error != null) return state.fail(errorMessage(chunk.error));
    return state.take(chunk);
  };

  return {
    feed: (bytes) => {
      const lines = (rest + decoder.decode(bytes, { stream: true })).split(/\r?\n/);
      rest = lines.pop()!;
      if (rest.length > lineBytesMax) {
        rest = "";
        return state.fail("the endpoint sent a line of more than 4 MB");
      }
      return lines.flatMap(line);
    },
    end: () => [...(rest === "" ? [] : line(rest)), ...state.end()],
  };
}

function makeState({ model, newId }: { model: string; newId: () => string }) {
  const blocks = makeBlocks();
  let begun = false;
  let over = false;
  let finish: string | null = null;
  let usage: unknown;
  let calls = 0;

  const begin = (id: string | null | undefined): MessagesEvent[] => {
    if (begun) return [];
    begun = true;
    const shape = { type: "message", role: "assistant", model, content: [], stop_reason: null, stop_sequence: null };
    // Usage is told at the end, where the endpoint tells it.
    const message = { id: id || `msg_${newId()}`, ...shape, usage: { input_tokens: 0, output_tokens: 0 } };
    return [{ type: "message_start", message }];
  };
  const call = (piece: CallPiece): MessagesEvent[] => {
    const index = piece.index ?? Math.max(0, calls - (piece.id ? 0 : 1));
    calls = Math.max(calls, index + 1);
    const given = piece.function?.arguments;
    const text = typeof given === "string" ? given : given == null ? "" : JSON.stringify(given);
    return blocks.call(index, { id: textIn(piece.id) || `toolu_${newId()}`, name: textIn(piece.function?.name) }, text);
  };
  const end = (events: MessagesEvent[]): MessagesEvent[] => {
    if (over) return [];
    over = true;
    return events;
  };
  const complete = (): MessagesEvent[] =>
    over
      ? []
      : end([
          ...begin(null),
          ...blocks.end(),
          {
            type: "message_delta",
            delta: { stop_reason: stopReason(finish, calls > 0), stop_sequence: null },
            usage: translatedUsage(usage),
          },
          { type: "message_stop" },
        ]);
  const fail = (message: string): MessagesEvent[] => end([{ type: "error", error: { type: "api_error", message } }]);

  return {
    take: (chunk: Chunk): MessagesEvent[] => {
      if (over) return [];
      usage = chunk.usage ?? usage;
      const [choice] = chunk.choices ?? [];
      const events = begin(chunk.id);
      const piece = choice?.delta?.content || choice?.delta?.refusal;
      if (piece) events.push(...blocks.text(piece));
      for (const each of choice?.delta?.tool_calls ?? []) events.push(...call(each));
      finish = choice?.finish_reason ?? finish;
      return events;
    },
    complete,
    fail,
    // Some endpoints end without [DONE]; without a reason to stop either, the answer is cut.
    end: (): MessagesEvent[] => (finish === null ? fail("the endpoint's answer was cut off") : complete()),
  };
}

type CallPiece = NonNullable<NonNullable<NonNullable<Chunk["choices"]>[number]["delta"]>["tool_calls"]>[number];

const textIn = (value: unknown): string => (typeof value === "string" ? value : "");

const errorMessage = (error: unknown): string => {
  const message = typeof error === "object" && error !== null ? (error as { message?: unknown }).message : error;
  return typeof message === "string" ? message : "the endpoint reported an error";
};

/** One event as it stands in an event stream. */
export const sseText = (event: MessagesEvent): string => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
