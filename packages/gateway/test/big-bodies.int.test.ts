import { request } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openGateway, type TestGateway } from "./open-gateway.ts";

const megabyte = 1024 * 1024;
/** More than the gateway takes of one body (4 MB). The sender stops here without an end: who wants the whole body waits for ever. */
const sentBytesMax = 6 * megabyte;

let it: TestGateway;
let session: string;
beforeAll(async () => {
  it = await openGateway();
  ({ session } = await it.enter("cmo"));
}, 60_000);
afterAll(() => it.close());

interface Refused {
  status: number;
  text: string;
}

/** Sends a message's beginning, `sentBytesMax` of it, and no end; without a length the body is chunked. */
const send = (path: string, length: number | null): Promise<Refused> =>
  new Promise((resolve, reject) => {
    const headers: Record<string, string | number> = {
      host: "gateway",
      authorization: `Bearer ${session}`,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...(length === null ? {} : { "content-length": length }),
    };
    const call = request({ socketPath: it.socketPath, path, method: "POST", headers });
    let sentBytes = 0;
    let answered = false;
    call.on("response", (response) => {
      answered = true;
      let text = "";
      response.on("data", (part) => (text += String(part)));
      response.on("error", () => undefined);
      response.on("close", () => {
        call.destroy();
        resolve({ status: response.statusCode ?? 0, text });
      });
    });
    call.on("error", (error) => (answered ? undefined : reject(error)));
    const part = Buffer.alloc(64 * 1024, "a");
    const more = (): void => {
      while (!answered && sentBytes < sentBytesMax && !call.destroyed) {
        sentBytes += part.length;
        if (!call.write(part)) return void call.once("drain", more);
      }
    };
    call.write('{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"send_message","arguments":{"to":"ceo","text":"');
    more();
  });

test("Y13 F20 a message of 10 MB is refused by its length, before it is taken", async () => {
  const refused = await send("/mcp", 10 * megabyte);
  expect([refused.status, refused.text]).toEqual([413, expect.stringContaining("AITO_REQUEST_TOO_BIG")]);
}, 60_000);

test("Y13 F20 a body without a length is refused as soon as it is too long, before its end", async () => {
  for (const path of ["/mcp", "/agent/report", "/agent/log", "/agent/heartbeat"]) {
    const refused = await send(path, null);
    expect([path, refused.status, refused.text]).toEqual([path, 413, expect.stringContaining("AITO_REQUEST_TOO_BIG")]);
  }
}, 60_000);

test("Y13 F20 twenty of them at once are refused, nothing of them is stored, and the gateway goes on answering", async () => {
  const all = await Promise.all(Array.from({ length: 20 }, () => send("/mcp", null)));
  expect(all.map(({ status }) => status)).toEqual(all.map(() => 413));
  expect(await it.callTool(session, "send_message", { to: "ceo", text: "a short one" })).toMatchObject({ ok: true });
  const messages = await it.rows("messages");
  expect(messages.map((row) => row["payload"].text)).toEqual(["a short one"]);
}, 60_000);
