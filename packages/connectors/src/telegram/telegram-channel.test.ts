import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import type { NoticeMessage } from "../notice-channel.ts";
import { telegramChannel } from "./telegram-channel.ts";

const token = "123456:a-token-that-only-the-test-knows";
const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

const message: NoticeMessage = {
  id: "01939f00-0000-7000-8000-000000000001",
  number: 1,
  title: "<b>Sponsor</b> *the* [conference](https://evil.example)",
  facts: "$5,000.00 · critical · proposed by cmo",
  reason: "one against one",
  ballots: [],
  url: "https://aito.acme.example/e/token",
  expiresAt: "2026-11-22T10:00:00.000Z",
  rehearsal: false,
  payload: {},
};

type Body = Record<string, unknown>;

/** The part of the Bot API that is used, as its documentation has it. `answers` null drops the connection. */
async function botApi(answers: ({ status: number; body: Body } | null)[] = []) {
  const calls: { path: string; body: Body }[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      const body = JSON.parse(text) as Body;
      calls.push({ path: request.url!, body });
      const answer =
        answers.length > 0
          ? answers.shift()!
          : { status: 200, body: { ok: true, result: { message_id: calls.length, date: 0, chat: { id: 1 } } } };
      if (answer === null) return void request.socket.destroy();
      response.writeHead(answer.status, { "content-type": "application/json" }).end(JSON.stringify(answer.body));
    });
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return { calls, apiRoot: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

const send = (apiRoot: string, changed: Partial<NoticeMessage> = {}) =>
  telegramChannel({ token, chat: "-1001", apiRoot }).send({ ...message, ...changed });

test("O16 a notice goes to the chat as plain text with a button that opens the form", async () => {
  const { calls, apiRoot } = await botApi();
  expect(await send(apiRoot)).toEqual({ ok: true });
  expect(calls).toHaveLength(1);
  expect(calls[0]!.path).toBe(`/bot${token}/sendMessage`);
  expect(calls[0]!.body).toMatchObject({
    chat_id: "-1001",
    link_preview_options: { is_disabled: true },
    reply_markup: { inline_keyboard: [[{ text: "Read and decide", url: message.url }]] },
  });
  expect(calls[0]!.body).not.toHaveProperty("parse_mode");
  expect(String(calls[0]!.body["text"]).match(/\w+:\/\/\S+/g)).toEqual([message.url]);
});

test("O16 a host without a dot gets no button, which Telegram would refuse, and the link stands in the text", async () => {
  const { calls, apiRoot } = await botApi();
  await send(apiRoot, { url: "http://localhost:7700/e/token" });
  expect(calls[0]!.body).not.toHaveProperty("reply_markup");
  expect(calls[0]!.body["text"]).toContain("http://localhost:7700/e/token");
});

test("O16 a refusal has not arrived, a lost answer is unknown, and the token is in no error", async () => {
  const { apiRoot } = await botApi([
    {
      status: 429,
      body: { ok: false, error_code: 429, description: "Too Many Requests: retry after 5", parameters: { retry_after: 5 } },
    },
    { status: 502, body: { ok: false, error_code: 502, description: "Bad Gateway" } },
    null,
  ]);
  const results = [await send(apiRoot), await send(apiRoot), await send(apiRoot)];
  expect(results).toMatchObject([
    { ok: false, arrived: "no", error: "Telegram answered 429: Too Many Requests: retry after 5" },
    { ok: false, arrived: "unknown" },
    { ok: false, arrived: "unknown" },
  ]);
  const server = servers.pop()!;
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  results.push(await send(apiRoot));
  expect(results[3]).toMatchObject({ ok: false, arrived: "no" });
  expect(JSON.stringify(results)).not.toContain(token);
});
