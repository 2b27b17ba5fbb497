import { Anthropic, APIError } from "@anthropic-ai/sdk";
import { betaTool } from "@anthropic-ai/sdk/helpers/beta/json-schema";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { fetch } from "undici";
import { errorAnswer, jsonAnswer, streamAnswer } from "./fake-model.ts";
import { openGateway, type TestGateway } from "./open-gateway.ts";

let it: TestGateway;
let session = "";
let model = "";
beforeAll(async () => {
  it = await openGateway({ modelPort: 0 });
  const cmo = await it.enter("cmo");
  session = cmo.session;
  model = cmo.model;
});
afterAll(() => it.close());
beforeEach(() => {
  it.model.seen.length = 0;
  it.model.answers = [jsonAnswer];
});

/** Nothing but a base URL and the agent's token; over the socket also how to connect. */
const clients = {
  "127.0.0.1": () => new Anthropic({ baseURL: it.gateway.modelUrl!, apiKey: session }),
  "127.0.0.1, bearer": () => new Anthropic({ baseURL: it.gateway.modelUrl!, apiKey: null, authToken: session }),
  "the unix socket": () =>
    new Anthropic({
      baseURL: "http://gateway",
      apiKey: session,
      fetch: ((url: string, init: object) =>
        fetch(url, { ...init, dispatcher: it.dispatcher })) as unknown as typeof globalThis.fetch,
    }),
};
const ask = () => ({ model, max_tokens: 100, messages: [{ role: "user" as const, content: "hi" }] });

test.each(Object.keys(clients) as (keyof typeof clients)[])("Q01 the official SDK's calls work over %s", async (way) => {
  const client = clients[way]();
  const message = await client.messages.create(ask());
  expect(message).toMatchObject({ content: [{ type: "text", text: "Hello." }], usage: { input_tokens: 1_000 } });
  expect(message._request_id).toBe("req_1");

  it.model.answers = [streamAnswer({ count: 5 })];
  const stream = client.messages.stream(ask());
  const texts: string[] = [];
  stream.on("text", (text) => texts.push(text));
  const final = await stream.finalMessage();
  expect(texts).toHaveLength(5);
  expect(final.usage.output_tokens).toBe(42);
  const events: string[] = [];
  for await (const event of await client.messages.create({ ...ask(), stream: true })) events.push(event.type);
  expect([events[0], events.at(-1)]).toEqual(["message_start", "message_stop"]);

  it.model.answers = [(response) => response.writeHead(200, { "content-type": "application/json" }).end('{"input_tokens":9}')];
  expect(await client.messages.countTokens({ model, messages: ask().messages })).toEqual({ input_tokens: 9 });
  const listed: string[] = [];
  for await (const each of client.models.list()) listed.push(each.id);
  expect(listed).toEqual([model, "claude-haiku-5-5"]);
  expect(await client.models.retrieve(model)).toMatchObject({ id: model, type: "model" });
});

test("the SDK's tool runner goes to and fro until the model is done", async () => {
  let turns = 0;
  it.model.answers = [
    (response, body) => {
      turns += 1;
      const results = JSON.stringify(body["messages"]).includes("tool_result");
      const content = results
        ? [{ type: "text", text: "It is 21 degrees." }]
        : [{ type: "tool_use", id: "toolu_1", name: "weather", input: { city: "Bern" } }];
      const message = { id: "msg_1", type: "message", role: "assistant", model, content, stop_sequence: null };
      const end = { stop_reason: results ? "end_turn" : "tool_use", usage: { input_tokens: 10, output_tokens: 5 } };
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ ...message, ...end }));
    },
  ];
  const weather = betaTool({
    name: "weather",
    description: "The weather in a city",
    inputSchema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] } as const,
    run: ({ city }) => `21 degrees in ${city}`,
  });
  const client = clients["127.0.0.1"]();
  const final = await client.beta.messages.toolRunner({ ...ask(), tools: [weather] });
  expect(final.content).toMatchObject([{ type: "text", text: "It is 21 degrees." }]);
  expect(turns).toBe(2);
  expect(it.model.seen[1]!.body).toContain("21 degrees in Bern");
});

test("headers of the API and whatever a body holds go up as they are; so does whatever comes back", async () => {
  const unknown = '{"type":"something_new","n":12345678901234567890,"text":"\\ud800 ok"}';
  it.model.answers = [
    (response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write('event: message_start\r\ndata: {"type":"message_start","message":{"usage":{"input_tokens":3}}}\r\n\r\n');
      response.write(`: a comment\nevent: something_new\ndata: ${unknown}\n\n`);
      response.end('event: message_delta\ndata: {"type":"message_delta","usage":{"output_tokens":1}}\n\n');
    },
  ];
  const body = `{ "max_tokens":10,\n "model":"claude-sonnet-4-20250514" ,"stream":true, "later_field":{"model":"x","deep":[1e400,1.0]}, "messages":[]}`;
  const response = await fetch(`${it.gateway.modelUrl}/v1/messages?beta=true`, {
    method: "POST",
    headers: {
      "x-api-key": session,
      "content-type": "application/json",
      "anthropic-version": "2024-01-01",
      "anthropic-beta": "a,b",
      "anthropic-later": "1",
    },
    body,
  });
  const text = await response.text();
  expect(text).toContain(`: a comment\nevent: something_new\ndata: ${unknown}\n\n`);
  expect(text).toContain("\r\n\r\n");
  const [seen] = it.model.seen;
  expect(seen!.body).toBe(body.replace("claude-sonnet-4-20250514", model));
  expect(seen!.headers).toMatchObject({ "anthropic-version": "2024-01-01", "anthropic-beta": "a,b", "anthropic-later": "1" });
});

test("F14 the SDK's own retries stay off behind the gateway's: three attempts in all, whatever it was told to do", async () => {
  it.model.answers = [errorAnswer(529)];
  const client = new Anthropic({ baseURL: it.gateway.modelUrl!, apiKey: session, maxRetries: 5 });
  await expect(client.messages.create(ask())).rejects.toThrow(APIError);
  expect(it.model.seen).toHaveLength(3);
});

test("HEAD / says that somebody is there; the port serves models and nothing else, and nobody without a token", async () => {
  const at = it.gateway.modelUrl!;
  expect((await fetch(at, { method: "HEAD" })).status).toBe(200);
  for (const path of ["/agent/poll", "/agent/hello", "/mcp", "/healthz"]) {
    const answer = await fetch(`${at}${path}`, { method: "POST", headers: { authorization: `Bearer ${session}` }, body: "{}" });
    expect([path, answer.status]).toEqual([path, 404]);
  }
  expect((await fetch(`${at}/v1/models`)).status).toBe(401);
  expect((await fetch(`${at}/v1/models`, { headers: { "x-api-key": "sk-ant-somebody-elses-key-000" } })).status).toBe(401);
});
