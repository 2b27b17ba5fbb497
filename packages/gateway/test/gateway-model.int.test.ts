import { loadPack, readRecording, registerFleet } from "@aito/company";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { fetch } from "undici";
import { errorAnswer, jsonAnswer, streamAnswer } from "./fake-model.ts";
import { type Loose, openGateway, type TestGateway, until } from "./open-gateway.ts";

const pack = new URL("../../../profiles/aito/fleet.yaml", import.meta.url).pathname;
let it: TestGateway;
let session = "";
let own = "";
beforeAll(async () => {
  it = await openGateway();
  const cmo = await it.enter("cmo");
  session = cmo.session;
  own = cmo.model;
});
afterAll(() => it.close());
beforeEach(() => {
  it.model.seen.length = 0;
  it.model.answers = [jsonAnswer];
});

const ask = (more: object = {}) => ({ model: own, max_tokens: 100, messages: [{ role: "user", content: "hi" }], ...more });
const usageRows = async (count: number) =>
  await until(
    () => it.rows("usage"),
    (rows) => rows.length >= count,
  );

test("an answer passes through, the real key goes up and the session does not, and usage and cost are booked", async () => {
  const answer = await it.post("/v1/messages", ask(), session);
  expect(answer).toMatchObject({ status: 200, headers: { "request-id": "req_1" }, body: { content: [{ text: "Hello." }] } });
  expect(it.model.seen[0]!.headers["x-api-key"]).toBe("sk-real-key-for-the-test");
  expect(JSON.stringify(it.model.seen)).not.toContain(session);
  const [row] = await usageRows(1);
  // 1000 x 2 + 100 x 10 + 50 x 0.1 + 20 x 2.5
  expect(row).toMatchObject({
    model: own,
    upstream: "anthropic",
    status: 200,
    input_tokens: 1_000,
    output_tokens: 100,
    cache_read_tokens: 50,
    cache_write_tokens: 20,
  });
  expect(String(row!["cost_micro_usd"])).toBe("3055");
});

test("a stream passes through piece by piece, and its usage is booked", async () => {
  it.model.answers = [streamAnswer({ count: 5 })];
  const before = (await it.rows("usage")).length;
  const response = await fetch("http://gateway/v1/messages", {
    method: "POST",
    dispatcher: it.dispatcher,
    headers: { authorization: `Bearer ${session}`, "content-type": "application/json" },
    body: JSON.stringify(ask({ stream: true })),
  });
  expect(response.headers.get("content-type")).toBe("text/event-stream");
  let chunks = 0;
  let text = "";
  for await (const chunk of response.body!) {
    chunks += 1;
    text += Buffer.from(chunk as Uint8Array).toString();
  }
  expect(chunks).toBeGreaterThan(1);
  expect(text.match(/piece \d/g)).toHaveLength(5);
  expect(text.endsWith('event: message_stop\ndata: {"type":"message_stop"}\n\n')).toBe(true);
  expect((await usageRows(before + 1)).at(-1)).toMatchObject({ status: 200, input_tokens: 7, output_tokens: 42 });
});

test("an agent that goes away ends the call upstream, and what was used until then is booked", async () => {
  it.model.answers = [streamAnswer({ count: 2, endless: true })];
  const before = (await it.rows("usage")).length;
  const { cutOff } = it.model;
  const gone = new AbortController();
  const response = await fetch("http://gateway/v1/messages", {
    method: "POST",
    dispatcher: it.dispatcher,
    headers: { authorization: `Bearer ${session}`, "content-type": "application/json" },
    body: JSON.stringify(ask({ stream: true })),
    signal: gone.signal,
  });
  await response.body!.getReader().read();
  gone.abort();
  await until(
    () => it.model.cutOff,
    (count) => count === cutOff + 1,
  );
  expect((await usageRows(before + 1)).at(-1)).toMatchObject({ status: 499, input_tokens: 7 });
});

test("the gateway tries again for an overloaded upstream, and passes the last answer on as it is", async () => {
  it.model.answers = [errorAnswer(529), jsonAnswer];
  expect((await it.post("/v1/messages", ask(), session)).status).toBe(200);
  expect(it.model.seen).toHaveLength(2);
  it.model.answers = [errorAnswer(529)];
  const answer = await it.post("/v1/messages", ask(), session);
  expect(answer).toMatchObject({ status: 529, body: { type: "error", error: { type: "overloaded_error" } } });
});

test("a retired id of the agent's own model is replaced, with a warning; another model is refused in the API's own shape", async () => {
  const answer = await it.post("/v1/messages", ask({ model: "claude-sonnet-4-20250514" }), session);
  expect(answer.status).toBe(200);
  expect(answer.headers["x-aito-warning"]).toContain("retired");
  expect(JSON.parse(it.model.seen[0]!.body)).toMatchObject({ model: "claude-sonnet-5-5" });
  const refused = await it.post("/v1/messages", ask({ model: "claude-fable-5-1" }), session);
  expect(refused).toMatchObject({
    status: 403,
    body: { type: "error", error: { type: "permission_error", message: expect.stringContaining("AITO_MODEL_NOT_ALLOWED") } },
  });
  expect(it.model.seen).toHaveLength(1);
});

test("tokens are counted and models are listed", async () => {
  it.model.answers = [(response) => response.writeHead(200, { "content-type": "application/json" }).end('{"input_tokens":9}')];
  expect((await it.post("/v1/messages/count_tokens", ask(), session)).body).toEqual({ input_tokens: 9 });
  expect((await it.get("/v1/models", session)).body).toMatchObject({ data: [{ id: own }, { id: "claude-haiku-5-5" }] });
});

test("what is no JSON, has no model, or is over 32 MB is refused without asking upstream", async () => {
  const raw = async (body: string) => {
    const response = await fetch("http://gateway/v1/messages", {
      method: "POST",
      dispatcher: it.dispatcher,
      headers: { authorization: `Bearer ${session}`, "content-type": "application/json" },
      body,
    });
    return { status: response.status, body: (await response.json()) as Loose };
  };
  expect(await raw("{")).toMatchObject({ status: 400, body: { error: { type: "invalid_request_error" } } });
  expect(await raw("{}")).toMatchObject({ status: 400 });
  expect(await raw(JSON.stringify(ask({ system: "x".repeat(32 * 1024 * 1024) })))).toMatchObject({
    status: 413,
    body: { error: { type: "request_too_large" } },
  });
  expect(it.model.seen).toEqual([]);
});

test("an upstream that is gone is said in the API's own shape", async () => {
  const other = await openGateway({ upstream: { name: "rehearsal", baseUrl: "http://127.0.0.1:1", apiKey: null } });
  try {
    const cto = await other.enter("cto");
    const answer = await other.post("/v1/messages", ask({ model: cto.model }), cto.session);
    expect(answer).toMatchObject({
      status: 503,
      body: { error: { type: "overloaded_error", message: expect.stringContaining("AITO_MODEL_UNAVAILABLE") } },
    });
  } finally {
    await other.close();
  }
});

test("Y02 a call that may cost more than its budget has left is refused before it is made, and says whose and why", async () => {
  const other = await openGateway();
  try {
    const { file, ...fleet } = await loadPack(pack);
    const budgets = { ...file.budgets, agents: { cto: { day: 0.01 } } };
    await registerFleet(other.deps, { ...fleet, file: { ...file, budgets, recording: { days: 1, megabytes: 1 } } });
    const cto = await other.enter("cto");
    const refused = await other.post("/v1/messages", ask({ model: cto.model, max_tokens: 2_000 }), cto.session);
    expect(refused).toMatchObject({ status: 402, body: { error: { type: "billing_error" } } });
    expect(refused.body["error"].message).toMatch(
      /AITO_BUDGET_SPENT: .*the budget of agent cto \(a day, \$0\.01\) has too little left/,
    );
    expect(other.model.seen).toHaveLength(0);
    const answer = await other.post("/v1/messages", ask({ model: cto.model }), cto.session);
    expect(answer).toMatchObject({ status: 200, headers: { "x-aito-model": cto.model } });
    const [row] = await until(
      () => other.rows("usage"),
      (rows) => rows.length === 1,
    );
    // What was set aside ahead for a caller that asked twice at once is given back when it stops.
    await until(
      () => other.rows("reservations"),
      (rows) => rows.length === 0,
      20_000,
    );
    const kept = await until(
      () => readRecording(other.deps, row!["id"] as string),
      (recording) => recording !== null,
    );
    expect(kept).toMatchObject({ request: other.model.seen[0]!.body, whole: true });
  } finally {
    await other.close();
  }
});

test("S05 a model call is no way out: what makes the vendor reach outside for an agent is refused before it goes up", async () => {
  const search = await it.post("/v1/messages", ask({ tools: [{ type: "web_search_20250305", name: "web_search" }] }), session);
  expect(search).toMatchObject({ status: 403 });
  expect(JSON.stringify(search.body)).toContain("the model may not reach outside");
  const servers = { mcp_servers: [{ type: "url", url: "https://collector.test", name: "x" }] };
  expect((await it.post("/v1/messages/count_tokens", ask(servers), session)).status).toBe(403);
  expect(it.model.seen).toEqual([]);
});
