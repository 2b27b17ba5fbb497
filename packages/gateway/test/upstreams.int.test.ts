import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { silentLogger } from "@aito/base";
import { Anthropic, type APIError } from "@anthropic-ai/sdk";
import { betaTool } from "@anthropic-ai/sdk/helpers/beta/json-schema";
import { createGatewayKey, loadPack, registerFleet, revokeGatewayKey, rotateGatewayKey } from "@aito/company";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { keyFromFile, wholeFile } from "../src/model/upstreams/upstream-keys.ts";
import { errorAnswer, jsonAnswer } from "./fake-model.ts";
import { type Loose, openGateway, type TestGateway, until } from "./open-gateway.ts";

const pack = new URL("../../../profiles/aito/fleet.yaml", import.meta.url).pathname;
const haiku = "claude-haiku-5-5";

/** A chat completions endpoint over real HTTP: what it was asked, and what it answers next. */
const chat = { seen: [] as Loose[], next: [] as ((response: ServerResponse, body: Loose) => void)[], url: "" };
const chatServer = createServer((request, response) => {
  let text = "";
  request.on("data", (chunk: Buffer) => (text += chunk.toString()));
  request.on("end", () => {
    const body = JSON.parse(text) as Loose;
    chat.seen.push({ ...body, path: request.url, authorization: request.headers.authorization });
    (chat.next.shift() ?? sayHello)(response, body);
  });
});

const bought = {
  source: "https://example.com/prices",
  date: "2026-11-01",
  models: { "priced-elsewhere": { input: 0.6, output: 0.8 } },
};
const usage = { prompt_tokens: 30, completion_tokens: 7 };
function sayHello(response: ServerResponse, body: Loose): void {
  if (body["stream"] !== true) {
    const message = { role: "assistant", content: "Hello." };
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify({ id: "c1", choices: [{ finish_reason: "stop", message }], usage }));
    return;
  }
  response.setHeader("content-type", "text/event-stream");
  for (const content of ["Hel", "lo."])
    response.write(`data: ${JSON.stringify({ id: "c1", choices: [{ delta: { content } }] })}\n\n`);
  response.write(`data: ${JSON.stringify({ id: "c1", choices: [{ delta: {}, finish_reason: "stop" }] })}\n\n`);
  response.end(`data: ${JSON.stringify({ id: "c1", choices: [], usage })}\n\ndata: [DONE]\n\n`);
}
function callTool(response: ServerResponse): void {
  response.setHeader("content-type", "application/json");
  const call = { id: "call_1", type: "function", function: { name: "weather", arguments: '{"city":"Bern"}' } };
  const message = { role: "assistant", content: null, tool_calls: [call] };
  response.end(JSON.stringify({ id: "c1", choices: [{ finish_reason: "tool_calls", message }], usage }));
}

let it: TestGateway;
let folder: string;
const files = { key: "" };
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "aito-upstreams-"));
  files.key = join(folder, "model-key");
  writeFileSync(files.key, "sk-first\n");
  await new Promise<void>((done) => chatServer.listen(0, "127.0.0.1", done));
  chat.url = `http://127.0.0.1:${(chatServer.address() as AddressInfo).port}/v1`;
  let now = Date.now();
  // The file is looked at every two seconds of this clock.
  const clock = { now: () => new Date((now += 3_000)) } as Parameters<typeof keyFromFile>[0]["clock"];
  const key = keyFromFile({ path: files.key, pick: wholeFile, clock, log: silentLogger });
  it = await openGateway({ modelPort: 0, upstreamKeys: { of: (name) => (name === "anthropic" ? key : null) } });
  const fleet = await loadPack(pack);
  fleet.file.roles["cfo"]!.model = "llama-local";
  fleet.file.roles["dao"]!.model = "priced-elsewhere";
  fleet.file.roles["cco"]!.model = "unpriced";
  fleet.file.models.upstreams = {
    own: { speaks: "chat", baseUrl: chat.url, models: ["llama-local"], free: true },
    bought: { speaks: "chat", baseUrl: chat.url, models: ["priced-elsewhere", "unpriced"], free: false, prices: bought },
  };
  await registerFleet(it.deps, fleet);
});
afterAll(async () => {
  await it.close();
  chatServer.closeAllConnections();
  await new Promise((done) => chatServer.close(done));
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  chat.seen.length = 0;
  chat.next.length = 0;
  it.model.seen.length = 0;
  it.model.answers = [jsonAnswer];
});

const sdk = (apiKey: string): Anthropic => new Anthropic({ baseURL: it.gateway.modelUrl!, apiKey, maxRetries: 0 });
const ask = (model: string) => ({ model, max_tokens: 100, messages: [{ role: "user" as const, content: "hi" }] });
const codeOf = async (call: Promise<unknown>): Promise<number | undefined> => {
  try {
    await call;
    return undefined;
  } catch (error) {
    return (error as APIError).status;
  }
};

test("Q01 the official SDK works unchanged against a chat endpoint: messages, streams and the tool runner", async () => {
  const { session } = await it.enter("cfo");
  const client = sdk(session);
  expect(await client.messages.create(ask("llama-local"))).toMatchObject({
    content: [{ type: "text", text: "Hello." }],
    usage: { input_tokens: 30, output_tokens: 7 },
  });
  const final = await client.messages.stream(ask("llama-local")).finalMessage();
  expect(final).toMatchObject({ content: [{ type: "text", text: "Hello." }], stop_reason: "end_turn" });

  chat.next = [callTool, sayHello];
  const asked: unknown[] = [];
  const weather = betaTool({
    name: "weather",
    description: "The weather of a city.",
    inputSchema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
    run: (input) => {
      asked.push(input);
      return "sunny";
    },
  });
  const runner = client.beta.messages.toolRunner({ ...ask("llama-local"), tools: [weather] });
  expect((await runner).content).toMatchObject([{ type: "text", text: "Hello." }]);
  expect(asked).toEqual([{ city: "Bern" }]);
  expect(chat.seen.at(-1)!["messages"]).toMatchObject([
    { role: "user" },
    { role: "assistant", tool_calls: [{ id: "call_1" }] },
    { role: "tool", tool_call_id: "call_1", content: "sunny" },
  ]);
  expect(chat.seen.every((each) => each["path"] === "/v1/chat/completions" && each["authorization"] === undefined)).toBe(true);
  // Off the reply's path.
  const booked = await until(
    async () => (await it.rows("usage")).filter((row) => row["model"] === "llama-local"),
    (rows) => rows.length >= 4,
    20_000,
  );
  expect(booked.length).toBe(4);
  expect(booked[0]).toMatchObject({ upstream: "own", input_tokens: 30, output_tokens: 7, cost_micro_usd: 0n });
});

test("Q01 a chat endpoint's failures arrive as the Messages API's, and a cut stream never looks whole", async () => {
  const { session } = await it.enter("cfo");
  const client = sdk(session);
  chat.next = [
    (response) => response.writeHead(400, { "content-type": "application/json" }).end('{"error":{"message":"no such model"}}'),
  ];
  await expect(client.messages.create(ask("llama-local"))).rejects.toMatchObject({
    status: 400,
    message: expect.stringContaining("no such model"),
  });
  chat.next = [
    (response) => {
      response.setHeader("content-type", "text/event-stream");
      response.end(`data: ${JSON.stringify({ choices: [{ delta: { content: "Hel" } }] })}\n\n`);
    },
  ];
  await expect(client.messages.stream(ask("llama-local")).finalMessage()).rejects.toThrow(/cut off/);
});

test("Q01 B01 another upstream's models cost what the fleet file says; one without a price is refused with the line to add", async () => {
  const { session } = await it.enter("dao");
  await sdk(session).messages.create(ask("priced-elsewhere"));
  const row = () => it.rows("usage").then((rows) => rows.filter(({ model }) => model === "priced-elsewhere"));
  // 30 and 7 tokens at $0.60 and $0.80 a million.
  expect(await until(row, (rows) => rows.length === 1)).toMatchObject([{ upstream: "bought", cost_micro_usd: 24n }]);
  // An endpoint that does not say what was used: what it cost is unknown, and everything that was set aside is charged.
  chat.next = [
    (response) => {
      response.setHeader("content-type", "application/json");
      response.end(
        JSON.stringify({ id: "c1", choices: [{ finish_reason: "stop", message: { role: "assistant", content: "Hi." } }] }),
      );
    },
  ];
  await sdk(session).messages.create(ask("priced-elsewhere"));
  const [, silent] = await until(row, (rows) => rows.length === 2);
  expect(silent).toMatchObject({ cost_micro_usd: null, input_tokens: null, output_tokens: null });
  expect(silent!["charged_micro_usd"]).toBeGreaterThan(24n);
  const before = chat.seen.length;
  const unpriced = sdk((await it.enter("cco")).session).messages.create(ask("unpriced"));
  await expect(unpriced).rejects.toMatchObject({
    status: 400,
    message: expect.stringMatching(/AITO_MODEL_UNPRICED.*models\.upstreams\.bought in the fleet file: prices: .*unpriced/),
  });
  expect(chat.seen.length).toBe(before);
});

test("T06 a run that is only the scheduled loop uses the model for routine, and may ask for no other", async () => {
  const { session, model } = await it.enter("coo");
  expect(model).not.toBe(haiku);
  expect(await codeOf(sdk(session).messages.create(ask(haiku)))).toBeUndefined();
  expect(await codeOf(sdk(session).messages.create(ask(model)))).toBeUndefined();
  expect(await codeOf(sdk(session).messages.create(ask("claude-opus-5")))).toBe(403);
});

test("S05 an upstream's key is changed without a restart; until the vendor knows the new one, the old one serves", async () => {
  const { session } = await it.enter("cto");
  const client = sdk(session);
  const { models } = { models: (await client.models.list()).data };
  const call = () => client.messages.create(ask(models[0]!.id));
  await call();
  expect(it.model.seen.at(-1)!.headers["x-api-key"]).toBe("sk-first");
  writeFileSync(files.key, "sk-second\n");
  it.model.answers = [errorAnswer(401), jsonAnswer];
  await call();
  expect(it.model.seen.slice(-2).map((seen) => seen.headers["x-api-key"])).toEqual(["sk-second", "sk-first"]);
  await call();
  expect(it.model.seen.at(-1)!.headers["x-api-key"]).toBe("sk-second");
});

test("B01 a gateway key calls models within its budget, and can do nothing else", async () => {
  const { key } = await createGatewayKey(
    it.deps,
    { name: "laptop", budgetUsd: 0.01, models: [haiku], expiresInHours: 1 },
    "operator",
  );
  const client = sdk(key);
  expect(await codeOf(client.messages.create(ask(haiku)))).toBeUndefined();
  expect(await codeOf(client.messages.create(ask("claude-opus-5")))).toBe(403);
  expect((await client.models.list()).data.map(({ id }) => id)).toEqual([haiku]);
  for (const path of ["/agent/poll", "/agent/heartbeat", "/agent/context", "/mcp"])
    expect((await it.post(path, {}, key)).status).toBe(401);
  let refused: number | undefined;
  for (let calls = 0; calls < 100 && refused === undefined; calls += 1)
    refused = await codeOf(client.messages.create(ask(haiku)));
  expect(refused).toBe(402);
  const spent = (await it.rows("usage")).filter((row) => row["key_id"] !== null);
  expect(spent.reduce((sum, row) => sum + (row["cost_micro_usd"] as bigint), 0n)).toBeLessThanOrEqual(10_000n);
});

test("S05 a rotated key works beside the new one for the overlap, a revoked one is refused", async () => {
  const refused = (key: string) =>
    until(
      () => codeOf(sdk(key).messages.create(ask(haiku))),
      (code) => code === 401,
      20_000,
    );
  const make = (name: string) => createGatewayKey(it.deps, { name, budgetUsd: 1, models: null, expiresInHours: 1 }, "operator");
  const { key: first } = await make("ci");
  const { key: second } = await rotateGatewayKey(it.deps, { name: "ci", overlapMinutes: 60, expiresInHours: 1 }, "operator");
  for (const key of [first, second]) expect(await codeOf(sdk(key).messages.create(ask(haiku)))).toBeUndefined();
  const { key: third } = await rotateGatewayKey(it.deps, { name: "ci", overlapMinutes: 0, expiresInHours: 1 }, "operator");
  // A key is believed for a moment, and asked for anew at the bell.
  await refused(first);
  await refused(second);
  expect(await codeOf(sdk(third).messages.create(ask(haiku)))).toBeUndefined();
  await expect(make("ci")).rejects.toMatchObject({ code: "AITO_KEY_NAME_TAKEN" });
  await revokeGatewayKey(it.deps, "ci", "operator");
  await refused(third);
  await expect(revokeGatewayKey(it.deps, "ci", "operator")).rejects.toMatchObject({ code: "AITO_KEY_UNKNOWN" });
});
