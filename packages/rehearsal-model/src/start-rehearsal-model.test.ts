import { Anthropic, APIError } from "@anthropic-ai/sdk";
import { silentLogger, systemClock } from "@aito/base";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readMessagesRequest } from "./api/messages-request.ts";
import { cacheableTokensMin } from "./api/token-usage.ts";
import { entriesKept } from "./ledger.ts";
import { contextOf, decisionOf, id, requestOf } from "./rehearsal-fixtures.ts";
import { type RehearsalModel, startRehearsalModel } from "./start-rehearsal-model.ts";

let model: RehearsalModel;
let client: Anthropic;

beforeEach(async () => {
  model = await startRehearsalModel({ host: "127.0.0.1", port: 0, seed: 7, log: silentLogger, clock: systemClock });
  client = new Anthropic({ baseURL: model.url, apiKey: "any", maxRetries: 0, logLevel: "off", timeout: 5_000 });
});
afterEach(async () => {
  await model.close();
});

const voting = requestOf(
  contextOf({ role: "dao", context: { decisions: [decisionOf(5_000, { phase: "final" })] } }),
) as unknown as Anthropic.MessageCreateParamsNonStreaming;

async function post(
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: Headers; body: Record<string, unknown> }> {
  const answer = await fetch(`${model.url}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: answer.status, headers: answer.headers, body: (await answer.json()) as Record<string, unknown> };
}

/** The status with which the official SDK sees a call fail. */
async function failure(call: Promise<unknown>): Promise<APIError> {
  const error = await call.then(
    () => expect.unreachable(),
    (reason: unknown) => reason,
  );
  if (error instanceof APIError) return error;
  throw error;
}

describe("the official SDK", () => {
  test("Q02 a tool call comes back as JSON, and its result ends the run", async () => {
    const reply = await client.messages.create(voting);
    expect(reply).toMatchObject({ type: "message", role: "assistant", model: "claude-test", stop_reason: "tool_use" });
    const use = reply.content.find((block) => block.type === "tool_use")!;
    expect(use).toMatchObject({ name: "cast_vote", input: { decision_id: id(50), vote: "veto" } });
    const end = await client.messages.create({
      ...voting,
      messages: [
        ...voting.messages,
        { role: "assistant", content: reply.content as Anthropic.ContentBlockParam[] },
        { role: "user", content: [{ type: "tool_result", tool_use_id: use.id, content: "{}" }] },
      ],
    });
    expect(end.stop_reason).toBe("end_turn");
    expect(end.content).toMatchObject([{ type: "text", text: expect.stringContaining("Voted veto") as string }]);
  });

  test("Q02 streaming gives the same message in the vendor's order of events", async () => {
    const plain = await client.messages.create(voting);
    const types: string[] = [];
    const stream = client.messages.stream(voting);
    stream.on("streamEvent", ({ type }) => types.push(type));
    const streamed = await stream.finalMessage();
    expect(streamed.content).toMatchObject(plain.content);
    expect(streamed.stop_reason).toBe("tool_use");
    expect(streamed.usage.output_tokens).toBe(plain.usage.output_tokens);
    const order = types.filter((type, at) => type !== types[at - 1]);
    const block = ["content_block_start", "content_block_delta", "content_block_stop"];
    expect(order).toEqual(["message_start", ...block, ...block, "message_delta", "message_stop"]);
  });

  test("Q02 tokens can be counted before a call, and the call then uses as many", async () => {
    const { input_tokens } = await client.messages.countTokens({
      model: voting.model,
      messages: voting.messages,
      system: voting.system,
      tools: voting.tools,
    });
    const { usage } = await client.messages.create(voting);
    expect(usage.input_tokens).toBe(input_tokens);
  });

  test("Q02 models are listed", async () => {
    const [listed] = (await client.models.list()).data;
    expect(await client.models.retrieve(listed!.id)).toMatchObject({ type: "model", id: listed!.id });
    expect((await failure(client.models.retrieve("other"))).status).toBe(404);
  });

  test("Q02 a question outside of a run is answered plainly", async () => {
    const reply = await client.messages.create({ model: "m", max_tokens: 100, messages: [{ role: "user", content: "Hello" }] });
    expect(reply.content).toMatchObject([{ text: expect.stringContaining("REHEARSAL") as string }]);
  });

  test("Q02 an answer longer than max_tokens is cut and says so", async () => {
    const reply = await client.messages.create({ ...voting, max_tokens: 3 });
    expect(reply.stop_reason).toBe("max_tokens");
    expect(reply.usage.output_tokens).toBeLessThanOrEqual(3);
  });
});

test("S15 a marked prefix is written to the cache once and read from it afterwards", async () => {
  const system = [
    { type: "text" as const, text: "profile ".repeat(cacheableTokensMin), cache_control: { type: "ephemeral" as const } },
  ];
  const first = (await client.messages.create({ ...voting, system })).usage;
  const second = (await client.messages.create({ ...voting, system })).usage;
  expect(first.cache_creation_input_tokens).toBeGreaterThan(cacheableTokensMin);
  expect(first.cache_read_input_tokens).toBe(0);
  expect(second.cache_read_input_tokens).toBe(first.cache_creation_input_tokens);
  expect(second.cache_creation_input_tokens).toBe(0);
  expect(second.input_tokens).toBe(first.input_tokens);
});

describe("bad requests", () => {
  const user = (content: unknown) => ({ role: "user", content });
  const use = { role: "assistant", content: [{ type: "tool_use", id: "t1", name: "x", input: {} }] };
  const result = { type: "tool_result", tool_use_id: "t1", content: "" };
  const bodies: [name: string, body: unknown, message: RegExp][] = [
    ["no model", { ...voting, model: undefined }, /^model: /],
    ["no max_tokens", { ...voting, max_tokens: undefined }, /^max_tokens: /],
    ["no messages", { ...voting, messages: [] }, /^messages: /],
    ["an unknown role", { ...voting, messages: [{ role: "tool", content: "x" }] }, /^messages\.0\.role: /],
    [
      "an assistant first",
      { ...voting, messages: [{ role: "assistant", content: "x" }] },
      /first message must use the "user" role/,
    ],
    ["an empty message", { ...voting, messages: [user("")] }, /non-empty/],
    [
      "an empty text block",
      { ...voting, messages: [user([{ type: "text", text: "" }])] },
      /text content blocks must be non-empty/,
    ],
    ["a call without result", { ...voting, messages: [user("x"), use, user("y")] }, /without `tool_result` blocks/],
    ["a call at the end", { ...voting, messages: [user("x"), use] }, /without `tool_result` blocks/],
    ["a result without call", { ...voting, messages: [user([result])] }, /unexpected `tool_use_id`/],
    ["a call by the user", { ...voting, messages: [{ ...use, role: "user" }] }, /can only be in `assistant` messages/],
    ["an id twice", { ...voting, messages: [user("x"), use, user([result]), use, user([result])] }, /ids must be unique/],
    ["a bad tool name", { ...voting, tools: [{ name: "a b", input_schema: { type: "object" } }] }, /^tools\.0\.name: /],
    ["a tool name twice", { ...voting, tools: [{ name: "a" }, { name: "a" }] }, /Tool names must be unique/],
    ["broken JSON", "{", /JSON/i],
  ];

  test.each(bodies)("Q02 %s is a 400 in the vendor's shape", async (_name, sent, message) => {
    const { status, headers, body } = await post("/v1/messages", sent);
    expect(status).toBe(400);
    expect(body).toEqual({
      type: "error",
      error: { type: "invalid_request_error", message: expect.stringMatching(message) as string },
      request_id: headers.get("request-id"),
    });
  });

  test("Q02 an unknown path is a not_found_error", async () => {
    expect(await post("/v1/complete", {})).toMatchObject({ status: 404, body: { error: { type: "not_found_error" } } });
  });

  test("Q02 a well-made conversation with a tool result passes", () => {
    expect(() => readMessagesRequest({ ...voting, messages: [user("x"), use, user([result])] })).not.toThrow();
  });
});

describe("faults on demand", () => {
  test("L11 a header asks for 429, 529 or 500 for its own call", async () => {
    const limited = await failure(client.messages.create(voting, { headers: { "x-rehearsal-fault": "429" } }));
    expect([limited.status, limited.headers?.get("retry-after")]).toEqual([429, "1"]);
    expect(limited.error).toMatchObject({ error: { type: "rate_limit_error" } });
    expect((await failure(client.messages.create(voting, { headers: { "x-rehearsal-fault": "529" } }))).error).toMatchObject({
      error: { type: "overloaded_error" },
    });
    expect((await failure(client.messages.create(voting, { headers: { "x-rehearsal-fault": "500" } }))).status).toBe(500);
    expect((await client.messages.create(voting)).stop_reason).toBe("tool_use");
  });

  test("L11 queued faults meet the next calls in their order", async () => {
    expect((await post("/rehearsal/faults", { next: ["529", "none", "429"] })).body).toEqual({ queued: 3 });
    expect((await failure(client.messages.create(voting))).status).toBe(529);
    expect((await client.messages.create(voting)).stop_reason).toBe("tool_use");
    expect((await failure(client.messages.create(voting))).status).toBe(429);
    await post("/rehearsal/faults", { next: ["529"] });
    expect((await post("/rehearsal/faults", { clear: true })).body).toEqual({ queued: 0 });
    expect((await client.messages.create(voting)).stop_reason).toBe("tool_use");
  });

  test("L11 the official SDK's own retry gets over one overload", async () => {
    await post("/rehearsal/faults", { next: ["529"] });
    expect((await client.messages.create(voting, { maxRetries: 2 })).stop_reason).toBe("tool_use");
  });

  test("L11 a slow answer comes late, and a client that goes away does not wait for it", async () => {
    const from = performance.now();
    await client.messages.create(voting, { headers: { "x-rehearsal-fault": "slow:80" } });
    expect(performance.now() - from).toBeGreaterThanOrEqual(75);
    const leaving = client.messages.create(voting, { headers: { "x-rehearsal-fault": "slow:600000" }, timeout: 100 });
    await expect(leaving).rejects.toThrow(/timed out/i);
  });

  test("L11 a cut connection is an error for a streaming client", async () => {
    await post("/rehearsal/faults", { next: ["cut"] });
    await expect(client.messages.stream(voting).finalMessage()).rejects.toThrow(/.+/);
  });

  test("L11 a fault that does not exist is refused, and queues nothing", async () => {
    expect(await post("/rehearsal/faults", { next: ["429", "418"] })).toMatchObject({
      status: 400,
      body: { error: { message: expect.stringContaining('"418"') as string } },
    });
    expect((await post("/rehearsal/faults", { next: ["slow:600001"] })).status).toBe(400);
    expect((await post("/rehearsal/faults", { now: [] })).status).toBe(400);
    expect((await client.messages.create(voting)).stop_reason).toBe("tool_use");
  });
});

describe("the ledger", () => {
  const ledger = async (): Promise<Record<string, unknown>> =>
    (await (await fetch(`${model.url}/rehearsal/ledger`)).json()) as Record<string, unknown>;

  test("Q02 calls are counted by role and status, with their tools and tokens", async () => {
    const reply = await client.messages.create(voting);
    await failure(client.messages.create(voting, { headers: { "x-rehearsal-fault": "429" } }));
    expect(await ledger()).toMatchObject({
      calls: 2,
      byRole: { dao: 2 },
      byStatus: { "200": 1, "429": 1 },
      outputTokens: reply.usage.output_tokens,
      entries: [
        {
          id: reply._request_id,
          role: "dao",
          agent: "dao",
          run: id(1),
          status: 200,
          tools: ["cast_vote"],
          stopReason: "tool_use",
        },
        { status: 429, tools: [], outputTokens: 0 },
      ],
    });
  });

  test("Q02 the newest calls are kept and all are counted", async () => {
    const body = { model: "m", max_tokens: 10, messages: [{ role: "user", content: "x" }] };
    for (let sent = 0; sent < entriesKept + 5; sent += 50)
      await Promise.all(Array.from({ length: 50 }, () => post("/v1/messages", body)));
    const { calls, entries } = await ledger();
    expect(calls).toBeGreaterThan(entriesKept);
    expect(entries).toHaveLength(entriesKept);
  });
});

test("Q02 health says that it is the rehearsal", async () => {
  expect(await (await fetch(`${model.url}/healthz`)).json()).toEqual({ ok: true, model: "aito-rehearsal" });
});

test("Q02 a port in use is refused with the setting to change", async () => {
  const port = Number(new URL(model.url).port);
  const second = startRehearsalModel({ host: "127.0.0.1", port, seed: 1, log: silentLogger, clock: systemClock });
  await expect(second).rejects.toMatchObject({
    code: "AITO_REHEARSAL_PORT",
    fate: "human",
    hint: expect.stringContaining("AITO_PORT") as string,
  });
});
