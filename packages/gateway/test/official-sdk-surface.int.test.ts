import { Anthropic, APIUserAbortError, NotFoundError } from "@anthropic-ai/sdk";
import { betaTool } from "@anthropic-ai/sdk/helpers/beta/json-schema";
import { jsonSchemaOutputFormat } from "@anthropic-ai/sdk/helpers/json-schema";
import type { ServerResponse } from "node:http";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { jsonAnswer, streamAnswer } from "./fake-model.ts";
import { openGateway, type TestGateway, until } from "./open-gateway.ts";

/** What of the SDK's `messages` the other file leaves out: every helper over a stream of every kind of block. */
let it: TestGateway;
let client: Anthropic;
let model = "";
beforeAll(async () => {
  it = await openGateway({ modelPort: 0 });
  const cmo = await it.enter("cmo");
  model = cmo.model;
  client = new Anthropic({ baseURL: it.gateway.modelUrl!, apiKey: cmo.session, maxRetries: 0 });
});
afterAll(() => it.close());
beforeEach(() => {
  it.model.seen.length = 0;
  it.model.answers = [jsonAnswer];
});

const ask = () => ({ model, max_tokens: 100, messages: [{ role: "user" as const, content: "hi" }] });
const json = (response: ServerResponse, value: object): void =>
  void response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(value));
const message = (more: object) => ({
  id: "msg_1",
  type: "message",
  role: "assistant",
  model,
  stop_reason: "end_turn",
  stop_sequence: null,
  usage: { input_tokens: 5, output_tokens: 5 },
  ...more,
});

/** One block of each kind that streams in pieces. */
function everyBlock(response: ServerResponse): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  const send = (type: string, more: object = {}): void =>
    void response.write(`event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`);
  const block = (index: number, content: object, deltas: object[]): void => {
    send("content_block_start", { index, content_block: content });
    for (const delta of deltas) send("content_block_delta", { index, delta });
    send("content_block_stop", { index });
  };
  send("message_start", { message: message({ content: [], stop_reason: null, usage: { input_tokens: 9, output_tokens: 1 } }) });
  send("ping");
  block(0, { type: "thinking", thinking: "", signature: "" }, [
    { type: "thinking_delta", thinking: "Let me see. " },
    { type: "thinking_delta", thinking: "Yes." },
    { type: "signature_delta", signature: "c2lnbmVk" },
  ]);
  const citation = {
    type: "char_location",
    cited_text: "x",
    document_index: 0,
    document_title: null,
    start_char_index: 0,
    end_char_index: 1,
    file_id: null,
  };
  block(1, { type: "text", text: "", citations: [] }, [
    { type: "text_delta", text: "Ber" },
    { type: "text_delta", text: "n." },
    { type: "citations_delta", citation },
  ]);
  block(2, { type: "tool_use", id: "toolu_1", name: "weather", input: {} }, [
    { type: "input_json_delta", partial_json: '{"city":' },
    { type: "input_json_delta", partial_json: '"Bern"}' },
  ]);
  send("message_delta", { delta: { stop_reason: "tool_use", stop_sequence: null }, usage: { output_tokens: 40 } });
  send("message_stop");
  response.end();
}

test("Q01 every streaming helper of the SDK sees thinking, text, citations and tool input, piece by piece", async () => {
  it.model.answers = [everyBlock];
  const stream = client.messages.stream(ask());
  const seen: Record<string, unknown[]> = {};
  const note = (name: string) => (value: unknown) => void (seen[name] ??= []).push(value);
  stream.on("text", note("text")).on("thinking", note("thinking")).on("signature", note("signature"));
  stream
    .on("inputJson", note("inputJson"))
    .on("citation", note("citation"))
    .on("connect", () => note("connect")(1));
  stream.on("contentBlock", (block) => note("contentBlock")(block.type)).on("end", () => note("end")(1));
  stream.on("streamEvent", (event) => note("streamEvent")(event.type));
  const { response, request_id: requestId } = await stream.withResponse();
  expect([response.status, requestId]).toEqual([200, null]);
  const final = await stream.finalMessage();
  await stream.done();
  expect(await stream.finalText()).toBe("Bern.");
  expect(seen).toMatchObject({
    text: ["Ber", "n."],
    thinking: ["Let me see. ", "Yes."],
    signature: ["c2lnbmVk"],
    inputJson: ['{"city":', '"Bern"}'],
    contentBlock: ["thinking", "text", "tool_use"],
    connect: [1],
    end: [1],
  });
  expect(seen["citation"]).toHaveLength(1);
  expect(seen["streamEvent"]!.at(-1)).toBe("message_stop");
  expect(final).toMatchObject({
    stop_reason: "tool_use",
    content: [{ thinking: "Let me see. Yes." }, { text: "Bern." }, { input: { city: "Bern" } }],
    usage: { input_tokens: 9, output_tokens: 40 },
  });
  it.model.answers = [everyBlock];
  const events: string[] = [];
  for await (const event of client.messages.stream(ask())) events.push(event.type);
  expect(events.filter((type) => type === "content_block_stop")).toHaveLength(3);
  it.model.answers = [everyBlock];
  expect((await client.beta.messages.stream(ask()).finalMessage()).content).toHaveLength(3);
});

test("Q01 an abort of the SDK's stream ends the call upstream", async () => {
  it.model.answers = [streamAnswer({ count: 2, endless: true })];
  const before = it.model.cutOff;
  const stream = client.messages.stream(ask());
  stream.on("text", (_piece, snapshot) => {
    if (snapshot.includes("piece 2")) stream.abort();
  });
  await expect(stream.finalMessage()).rejects.toThrow(APIUserAbortError);
  await until(
    () => it.model.cutOff,
    (count) => count === before + 1,
    20_000,
  );
});

test("Q01 structured output, betas, raw responses and counting with tools go up and come back as they are", async () => {
  it.model.answers = [(response) => json(response, message({ content: [{ type: "text", text: '{"city":"Bern"}' }] }))];
  const schema = {
    type: "object",
    properties: { city: { type: "string" } },
    required: ["city"],
    additionalProperties: false,
  } as const;
  const parsed = await client.messages.parse({ ...ask(), output_config: { format: jsonSchemaOutputFormat(schema) } });
  expect(parsed.parsed_output).toEqual({ city: "Bern" });
  expect(JSON.parse(it.model.seen[0]!.body)).toMatchObject({ output_config: { format: { type: "json_schema" } } });

  it.model.answers = [jsonAnswer];
  await client.beta.messages.create({ ...ask(), betas: ["one-2026-01-01", "two-2026-02-02"] });
  expect(it.model.seen.at(-1)!.headers["anthropic-beta"]).toBe("one-2026-01-01,two-2026-02-02");
  const raw = await client.messages.create(ask()).asResponse();
  expect([raw.status, raw.headers.get("request-id"), raw.headers.get("x-aito-model")]).toEqual([200, "req_1", model]);

  it.model.answers = [(response) => json(response, { input_tokens: 77 })];
  const tools = [{ name: "weather", input_schema: { type: "object" as const } }];
  expect(await client.messages.countTokens({ model, messages: ask().messages, tools, system: "s" })).toEqual({
    input_tokens: 77,
  });
  expect(await client.beta.messages.countTokens({ model, messages: ask().messages, betas: ["three"] })).toEqual({
    input_tokens: 77,
  });
  expect(it.model.seen.at(-1)!.headers["anthropic-beta"]).toContain("three");
});

test("Q01 the tool runner streams, and a tool that throws is told to the model", async () => {
  it.model.answers = [
    everyBlock,
    (response, body) => {
      expect(JSON.stringify(body["messages"])).toContain('"is_error":true');
      streamAnswer({ count: 1 })(response, body);
    },
  ];
  const weather = betaTool({
    name: "weather",
    description: "The weather",
    inputSchema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] } as const,
    run: () => {
      throw new Error("no weather today");
    },
  });
  const texts: string[] = [];
  for await (const turn of client.beta.messages.toolRunner({ ...ask(), tools: [weather], stream: true })) {
    for await (const event of turn)
      if (event.type === "content_block_delta" && event.delta.type === "text_delta") texts.push(event.delta.text);
  }
  expect(texts).toEqual(["Ber", "n.", "piece 1"]);
});

test("Q01 what is not served is refused in the API's own words, and nothing of it goes up", async () => {
  const batch = client.messages.batches.create({ requests: [{ custom_id: "a", params: ask() }] });
  await expect(batch).rejects.toThrow(NotFoundError);
  await expect(batch).rejects.toThrow(/AITO_MODEL_UNSERVED.*messages, messages\/count_tokens and models are served/);
  await expect(client.messages.batches.retrieve("b")).rejects.toThrow(NotFoundError);
  await expect(client.messages.create({ ...ask(), messages: "x" as never, model: "" })).rejects.toMatchObject({ status: 400 });
  expect(it.model.seen).toEqual([]);
});
