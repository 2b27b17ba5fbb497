import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Written } from "./malformed-answers.ts";

/** What a model sees of one conversation: the results of its calls, by what it was told. */
export interface SeenTurn {
  conversation: number;
  turn: number;
  results: { id: string; isError: boolean; text: string }[];
}

export interface MalformedUpstream {
  url: string;
  /** Requests that a real API would have refused, with the reason: there must be none. */
  refused: string[];
  seen: SeenTurn[];
  requests: number;
  close(): Promise<void>;
}

/**
 * A model behind real HTTP, both as a Messages and as a chat endpoint. What it answers is the script's; what it is asked it checks as
 * strictly as the real APIs do, for a conversation that they refuse is stuck for good.
 */
export async function malformedUpstream(
  script: (conversation: number, turn: number, speaks: "messages" | "chat") => Written,
): Promise<MalformedUpstream> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      upstream.requests += 1;
      const text = Buffer.concat(parts).toString("utf8");
      const speaks = request.url!.includes("chat/completions") ? "chat" : "messages";
      const body = JSON.parse(text) as { messages: Message[] };
      const conversation = Number(/conversation (\d+)/.exec(JSON.stringify(body.messages))?.[1] ?? -1);
      const turn = body.messages.filter(({ role }) => role === "assistant").length;
      const reason = unfitText(text) ?? (speaks === "chat" ? unfitChat(body.messages) : unfit(body.messages));
      if (reason !== null) upstream.refused.push(`conversation ${conversation}, turn ${turn}: ${reason}`);
      if (turn > 0) upstream.seen.push({ conversation, turn: turn - 1, results: resultsOf(body.messages) });
      send(response, script(conversation, turn, speaks));
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const upstream: MalformedUpstream = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refused: [],
    seen: [],
    requests: 0,
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return upstream;
}

function send(response: ServerResponse, { contentType, bytes, cut }: Written): void {
  response.on("error", () => undefined);
  response.writeHead(200, { "content-type": contentType });
  response.flushHeaders();
  for (const part of bytes) response.write(part);
  if (!cut) return void response.end();
  response.write("\n", () => response.destroy());
}

interface Block {
  type: string;
  [key: string]: unknown;
}
interface Message {
  role: string;
  content: string | Block[] | null;
  tool_calls?: { id: unknown; function: { name: unknown; arguments: unknown } }[];
  tool_call_id?: unknown;
}

const unfitText = (text: string): string | null =>
  text.includes("\\u0000") ? "a NUL" : JSON.stringify(JSON.parse(text)).match(/\\ud[89a-f]/i) ? "half a character" : null;

const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
const word = /^[a-zA-Z0-9_-]{1,128}$/;
const isWord = (value: unknown): boolean => typeof value === "string" && word.test(value);
const blocksOf = (message: Message): Block[] =>
  typeof message.content === "string" ? [{ type: "text", text: message.content }] : (message.content ?? []);

/** What the Messages API refuses with 400, of what our agent may get wrong. */
function unfit(messages: Message[]): string | null {
  const ids = new Set<unknown>();
  for (const [at, message] of messages.entries()) {
    const blocks = blocksOf(message);
    if (blocks.length === 0) return "a message without content";
    if (message.role !== (at % 2 === 0 ? "user" : "assistant")) return "roles that do not take turns";
    const calls = blocks.filter((block) => block.type === "tool_use");
    for (const { id, name, input } of calls) {
      if (!isWord(id) || !isWord(name)) return `an id or name that is none: ${JSON.stringify([id, name]).slice(0, 100)}`;
      if (ids.has(id)) return `the id ${String(id)} twice`;
      if (input === null || typeof input !== "object" || Array.isArray(input)) return "an input that is no object";
      ids.add(id);
    }
    if (blocks.some((block) => block.type === "text" && textOf(block["text"]).trim() === "")) return "an empty text";
    const answered = blocksOf(messages[at + 1] ?? { role: "user", content: [] }).flatMap((block) =>
      block.type === "tool_result" ? [block["tool_use_id"]] : [],
    );
    const wanted = calls.map((call) => call["id"]);
    if (JSON.stringify(answered) !== JSON.stringify(wanted) && message.role === "assistant") return "calls without their results";
  }
  return null;
}

function unfitChat(messages: Message[]): string | null {
  const ids = new Set<unknown>();
  for (const { role, tool_calls: calls, tool_call_id: id } of messages) {
    if (role === "tool" && !ids.has(id)) return `a result of no call: ${String(id)}`;
    for (const call of calls ?? []) {
      if (!isWord(call.id) || ids.has(call.id)) return "an id that is none, or twice";
      ids.add(call.id);
      JSON.parse(String(call.function.arguments));
    }
  }
  return null;
}

/** The results of the last answer's calls. */
function resultsOf(messages: Message[]): SeenTurn["results"] {
  const last = messages.findLastIndex(({ role }) => role === "assistant");
  return messages.slice(last + 1).flatMap((message) => {
    if (message.role === "tool") {
      const text = textOf(message.content);
      return [{ id: String(message.tool_call_id), isError: text.startsWith("Error"), text }];
    }
    return blocksOf(message).flatMap((block) =>
      block.type === "tool_result"
        ? [{ id: String(block["tool_use_id"]), isError: block["is_error"] === true, text: String(block["content"]) }]
        : [],
    );
  });
}
