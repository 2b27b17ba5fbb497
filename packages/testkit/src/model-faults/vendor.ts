import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** One attempt that reached the vendor. */
export interface Attempt {
  /** What the call says, by which its attempts are known. */
  call: string;
  key: string;
  /** Milliseconds since the vendor started. */
  atMs: number;
  /** When its answer had been written; null while it is not. */
  answeredMs: number | null;
}

export interface FaultyVendor {
  url: string;
  attempts: Attempt[];
  of(call: string): Attempt[];
  /** How each request is answered; it may take its time. */
  answer: (call: string, response: ServerResponse) => void;
  nowMs(): number;
  close(): Promise<void>;
}

/** A vendor in a process of its own over real HTTP, as faulty as it is told to be, whose own list counts what reached it. */
export async function faultyVendor(): Promise<FaultyVendor> {
  const startedMs = performance.now();
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (part: Buffer) => (text += part.toString()));
    request.on("end", () => {
      const { messages } = JSON.parse(text) as { messages: { content: string }[] };
      const call = messages[0]!.content;
      const key = String(request.headers["x-api-key"]);
      const attempt: Attempt = { call, key, atMs: vendor.nowMs(), answeredMs: null };
      vendor.attempts.push(attempt);
      response.on("finish", () => (attempt.answeredMs = vendor.nowMs()));
      vendor.answer(call, response);
    });
  });
  const vendor: FaultyVendor = {
    url: "",
    attempts: [],
    of: (call) => vendor.attempts.filter((each) => each.call === call),
    answer: (_call, response) => good(response),
    nowMs: () => performance.now() - startedMs,
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  vendor.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return vendor;
}

const usage = { input_tokens: 10, output_tokens: 20 };

export function good(response: ServerResponse): void {
  const message = { id: "m", type: "message", role: "assistant", model: "m", content: [], stop_reason: "end_turn", usage };
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(message));
}

export const refuse =
  (status: number, headers: Record<string, string> = {}, type = "overloaded_error") =>
  (_call: string, response: ServerResponse): void =>
    void response
      .writeHead(status, { "content-type": "application/json", ...headers })
      .end(JSON.stringify({ type: "error", error: { type, message: `${status}` } }));

export const sse = (type: string, more: object): string => `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;

/** The start of a stream: its prompt's usage, and `text` as its first words. */
export function beginStream(response: ServerResponse, text: string): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write(sse("message_start", { message: { id: "m", type: "message", role: "assistant", content: [], usage } }));
  response.write(sse("content_block_start", { index: 0, content_block: { type: "text", text: "" } }));
  response.write(sse("content_block_delta", { index: 0, delta: { type: "text_delta", text } }));
}

export function endStream(response: ServerResponse): void {
  response.write(sse("content_block_stop", { index: 0 }));
  response.write(sse("message_delta", { delta: { stop_reason: "end_turn" }, usage: { output_tokens: 20 } }));
  response.end(sse("message_stop", {}));
}
