import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** A vendor in a process of its own: JSON at once, a stream of twenty pieces at once, or with `hold` one piece a second. */
const usage = { input_tokens: 500, output_tokens: 20 };
const text = "The campaign reached four thousand readers in its first week, at a cost of eleven cents each. ".repeat(4);
const message = { id: "msg_1", type: "message", role: "assistant", model: "claude-sonnet-5-5", stop_reason: "end_turn" };
const json = JSON.stringify({ ...message, content: [{ type: "text", text }], stop_sequence: null, usage });
const event = (type: string, data: object): string => `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
const start = event("message_start", { message: { ...message, content: [], usage } });
const piece = event("content_block_delta", { index: 0, delta: { type: "text_delta", text: "a piece of the answer, " } });
const stop =
  event("message_delta", { delta: { stop_reason: "end_turn" }, usage: { output_tokens: 20 } }) + event("message_stop", {});

const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on("data", (part: Buffer) => parts.push(part));
  request.on("end", () => {
    const body = Buffer.concat(parts).toString();
    if (!body.includes('"stream":true')) {
      return void response.writeHead(200, { "content-type": "application/json" }).end(json);
    }
    response.writeHead(200, { "content-type": "text/event-stream; charset=utf-8" });
    response.write(start);
    if (!body.includes("hold-this-stream")) {
      for (let sent = 0; sent < 20; sent += 1) response.write(piece);
      return void response.end(stop);
    }
    const timer = setInterval(() => response.write(piece), 1_000);
    response.on("close", () => clearInterval(timer));
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`));
