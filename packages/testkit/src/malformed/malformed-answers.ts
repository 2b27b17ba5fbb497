import type { SeededRandom } from "../races/seeded-random.ts";
import type { MadeCall } from "./malformed-calls.ts";

/** One answer of a model, before it is written in the words of an API. */
export interface MadeAnswer {
  /** How its form is broken; null when only its calls are. */
  fault: string | null;
  texts: unknown[];
  calls: MadeCall[];
  stop: unknown;
  usage: unknown;
}
/** Bytes as they go out. `cut`: the connection is destroyed behind them. */
export interface Written {
  contentType: string;
  bytes: Buffer[];
  cut: boolean;
}

const usages: unknown[] = [
  { input_tokens: 10, output_tokens: 20 },
  undefined,
  null,
  "many",
  [],
  { input_tokens: -1, output_tokens: -5 },
  { input_tokens: 1e300, output_tokens: 9e15 },
  { input_tokens: 2 ** 53, output_tokens: 2 ** 31, cache_read_input_tokens: 2 ** 40 },
  { input_tokens: "7", output_tokens: 1.5 },
  { input_tokens: 1, output_tokens: 1, cache_creation: "x", server_tool_use: [] },
];
export const anyUsage = (random: SeededRandom): unknown => (random.chance(0.7) ? usages[0] : random.pick(usages));

type Event = Record<string, unknown>;

/** An answer's events in the Messages API. */
export function messagesEvents(answer: MadeAnswer, random: SeededRandom): Event[] {
  const message = { id: "msg_1", type: "message", role: "assistant", model: "m", content: [], stop_reason: null };
  const events: Event[] = [{ type: "message_start", message: { ...message, usage: answer.usage } }];
  let index = 0;
  for (const text of answer.texts) {
    events.push({ type: "content_block_start", index, content_block: { type: "text", text: "" } });
    events.push({ type: "content_block_delta", index, delta: { type: "text_delta", text } });
    events.push({ type: "content_block_stop", index: index++ });
  }
  for (const { id, name, text, input } of answer.calls) {
    const start = { type: "tool_use", id, name, input: text === null ? input : {} };
    events.push({ type: "content_block_start", index, content_block: start });
    for (const piece of text === null ? [] : inPieces(text, random))
      events.push({ type: "content_block_delta", index, delta: { type: "input_json_delta", partial_json: piece } });
    events.push({ type: "content_block_stop", index: index++ });
  }
  events.push({ type: "message_delta", delta: { stop_reason: answer.stop, stop_sequence: null }, usage: answer.usage });
  events.push({ type: "message_stop" });
  return events;
}

const inPieces = (text: string, random: SeededRandom): string[] => {
  if (text.length < 2 || random.chance(0.5)) return [text];
  const at = 1 + random.below(text.length - 1);
  return [text.slice(0, at), text.slice(at)];
};

const sse = (event: unknown): Buffer =>
  Buffer.from(`event: ${String((event as Event | null)?.["type"])}\ndata: ${JSON.stringify(event)}\n\n`);

/** How a stream goes wrong. `ends`: nothing of the answer may be used, and the run ends with a report of its failure. */
export const streamFaults: Record<string, { ends: boolean; write: (events: Event[], random: SeededRandom) => Written }> = {
  "no message_stop": ends((events) => stream(events.slice(0, -1))),
  "no message_start": ends((events) => stream(events.slice(1))),
  "message_start in the middle": ends((events) => stream([events[1]!, events[0]!, ...events.slice(2)])),
  "message_start twice": ends((events) => stream([events[0]!, ...events])),
  "a block's pieces before its start": ends((events) =>
    stream(events.toSorted((a, b) => Number(isPiece(b)) - Number(isPiece(a))).toSorted((a, b) => rank(a) - rank(b))),
  ),
  "a block that never ends": ends((events) => stream(events.filter((event) => event["type"] !== "content_block_stop"))),
  "two blocks of one number": ends((events) =>
    stream(events.map((event) => ("index" in event ? { ...event, index: 0 } : event))),
  ),
  "a line that is no JSON": ends((events) =>
    raw([
      ...events.slice(0, 2).map(sse),
      Buffer.from('event: ping\ndata: {oops\n\nevent: content_block_delta\ndata: {"type":\n\n'),
    ]),
  ),
  "an error after it began": ends((events) =>
    stream([...events.slice(0, 3), { type: "error", error: { type: "overloaded_error", message: "Overloaded\0\ud800" } }]),
  ),
  "cut in the middle of an event": ends((events, random) => {
    const bytes = Buffer.concat(events.map(sse));
    return { ...raw([bytes.subarray(0, 1 + random.below(bytes.length - 60))]), cut: random.chance(0.5) };
  }),
  "cut UTF-8": ends((events) =>
    raw([...events.slice(0, 2).map(sse), Buffer.from('data: {"type":"content_block_delta","x":"é').subarray(0, -1)]),
  ),
  "bytes that are no text": ends(() => raw([Buffer.from(Array.from({ length: 3_000 }, (_, at) => (at * 167) % 256))])),
  "nothing at all": ends(() => raw([])),
  "JSON where a stream was asked for": ends((events) => ({
    ...raw([Buffer.from(JSON.stringify(events))]),
    contentType: "application/json",
  })),
  "a page of HTML": ends(() => ({
    ...raw([Buffer.from("<html><body>502 Bad Gateway</body></html>")]),
    contentType: "text/html",
  })),
  "arrays where objects belong": ends((events) =>
    stream(
      events.map((event) =>
        Object.fromEntries(Object.entries(event).map(([key, value]) => [key, Object(value) === value ? [value] : value])),
      ),
    ),
  ),
  "objects where texts belong": ends((events) => stream(events.map((event) => ({ ...event, type: { is: event["type"] } })))),
  "events that are no objects": ends(() =>
    raw(["null", "5", "[]", '"x"', "{}", "true"].map((each) => Buffer.from(`event: content_block_delta\ndata: ${each}\n\n`))),
  ),
  "deep JSON in an event": ends((events) =>
    raw([
      ...events.slice(0, 1).map(sse),
      Buffer.from(
        `event: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":${"[".repeat(10_000)}${"]".repeat(10_000)}}\n\n`,
      ),
      ...events.slice(1).map(sse),
    ]),
  ),
  "events of kinds that nobody knows": fine((events) =>
    stream(events.flatMap((event) => [{ type: "later", data: [[]] }, event])),
  ),
  "more events after the end": fine((events) => stream([...events, ...events.slice(1)])),
  "lines that end in CR LF": fine((events) =>
    raw(events.map((event) => Buffer.from(sse(event).toString().replaceAll("\n", "\r\n")))),
  ),
  "a byte at a time": fine((events) =>
    raw(events.map(sse).flatMap((bytes) => (bytes.length > 150 ? [bytes] : [...bytes].map((byte) => Buffer.from([byte]))))),
  ),
};

function ends(write: (events: Event[], random: SeededRandom) => Written) {
  return { ends: true, write };
}
function fine(write: (events: Event[], random: SeededRandom) => Written) {
  return { ends: false, write };
}
const isPiece = (event: Event): boolean => event["type"] === "content_block_delta";
const rank = (event: Event): number => (event["type"] === "message_start" ? 0 : isPiece(event) ? 1 : 2);
const raw = (bytes: Buffer[]): Written => ({ contentType: "text/event-stream", bytes, cut: false });
export const stream = (events: unknown[]): Written => raw(events.map(sse));

/** The same answer from a chat endpoint. */
export function chatWritten(answer: MadeAnswer, random: SeededRandom): Written {
  const chunk = (delta: object, finish: unknown = null): object => ({
    id: "chatcmpl-1",
    object: "chat.completion.chunk",
    choices: [{ index: 0, delta, finish_reason: finish }],
  });
  const calls = answer.calls.map(({ id, name, text, input }, index) => ({
    index,
    id,
    type: "function",
    function: { name, arguments: text ?? (typeof input === "string" ? JSON.stringify(input) : input) },
  }));
  const finish = answer.stop === "max_tokens" ? "length" : random.pick(["tool_calls", "stop"]);
  const list = [
    ...answer.texts.map((content) => chunk({ content })),
    ...calls.map((call) => chunk({ tool_calls: [call] })),
    chunk({}, finish),
    { choices: [], usage: answer.usage },
  ];
  return raw([...list.map((each) => Buffer.from(`data: ${JSON.stringify(each)}\n\n`)), Buffer.from("data: [DONE]\n\n")]);
}

export const chatFaults: Record<string, (written: Written, random: SeededRandom) => Written> = {
  "cut in the middle": (written, random) => {
    const bytes = Buffer.concat(written.bytes);
    return { ...raw([bytes.subarray(0, random.below(Math.floor(bytes.length / 2)))]), cut: random.chance(0.5) };
  },
  "a line that is no JSON": (written) => raw([Buffer.from("data: {oops\n\n"), ...written.bytes]),
  "arrays where objects belong": () => raw([Buffer.from('data: {"choices":[[{"delta":[]}]]}\n\ndata: [DONE]\n\n')]),
  "nothing at all": () => raw([]),
  "JSON that is none, where a stream was asked for": () => ({
    ...raw([Buffer.from('{"choices":[')]),
    contentType: "application/json",
  }),
  "a whole completion, where a stream was asked for": () => ({
    ...raw([Buffer.from('{"choices":[{"message":{"content":"hi"},"finish_reason":"stop"}]}')]),
    contentType: "application/json",
  }),
  "an error inside": () => raw([Buffer.from('data: {"error":{"message":["bad"]}}\n\n')]),
  "bytes that are no text": () => raw([Buffer.from(Array.from({ length: 3_000 }, (_, at) => (at * 167) % 256))]),
};
