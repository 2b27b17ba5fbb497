import { createServer, type IncomingHttpHeaders, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface FakeModel {
  url: string;
  seen: { path: string; headers: IncomingHttpHeaders; body: string }[];
  /** How the next requests are answered, the last one for good. */
  answers: ((response: ServerResponse, body: Record<string, unknown>) => void)[];
  /** Requests whose client went away before the answer ended. */
  cutOff: number;
  close(): Promise<void>;
}

/** An upstream that speaks just enough of the Messages API, over real HTTP. */
export async function fakeModel(): Promise<FakeModel> {
  const model: FakeModel = {
    url: "",
    seen: [],
    answers: [jsonAnswer],
    cutOff: 0,
    close: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  const server = createServer((request, response) => {
    let body = "";
    response.on("close", () => {
      if (!response.writableFinished) model.cutOff += 1;
    });
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      model.seen.push({ path: request.url!, headers: request.headers, body });
      const answer = model.answers.length > 1 ? model.answers.shift()! : model.answers[0]!;
      answer(response, JSON.parse(body) as Record<string, unknown>);
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  model.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return model;
}

export function jsonAnswer(response: ServerResponse, body: Record<string, unknown>): void {
  const usage = { input_tokens: 1_000, output_tokens: 100, cache_read_input_tokens: 50, cache_creation_input_tokens: 20 };
  const message = {
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: body["model"],
    content: [{ type: "text", text: "Hello." }],
    stop_reason: "end_turn",
    stop_sequence: null,
    usage,
  };
  response.writeHead(200, { "content-type": "application/json", "request-id": "req_1" }).end(JSON.stringify(message));
}

export const errorAnswer =
  (status: number) =>
  (response: ServerResponse): void =>
    void response
      .writeHead(status, { "content-type": "application/json" })
      .end(JSON.stringify({ type: "error", error: { type: "overloaded_error", message: "Overloaded" } }));

/** Sends `count` pieces, one every few milliseconds, and then stops or, with `endless`, never ends. */
export const streamAnswer =
  (options: { count: number; endless?: boolean }) =>
  (response: ServerResponse, body: Record<string, unknown> = {}): void => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    const send = (type: string, data: object): void =>
      void response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`);
    const start = { id: "msg_1", type: "message", role: "assistant", model: body["model"], content: [], stop_reason: null };
    send("message_start", { message: { ...start, stop_sequence: null, usage: { input_tokens: 7, output_tokens: 1 } } });
    send("content_block_start", { index: 0, content_block: { type: "text", text: "" } });
    let sent = 0;
    const timer = setInterval(() => {
      sent += 1;
      if (sent <= options.count)
        return send("content_block_delta", { index: 0, delta: { type: "text_delta", text: `piece ${sent}` } });
      if (options.endless) return;
      clearInterval(timer);
      send("content_block_stop", { index: 0 });
      send("message_delta", { delta: { stop_reason: "end_turn" }, usage: { output_tokens: 42 } });
      send("message_stop", {});
      response.end();
    }, 5);
    response.on("close", () => clearInterval(timer));
  };
