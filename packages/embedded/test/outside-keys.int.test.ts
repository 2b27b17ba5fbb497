import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { Anthropic, APIError } from "@anthropic-ai/sdk";
import { operatorApi } from "@aito/protocol";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { endlessAnswer, fullAnswer, keysGround, type KeysGround, operatorKey, vendorKey } from "./keys-ground.ts";

const haiku = "claude-haiku-5-5";
const soon = { timeout: 30_000, interval: 50 };
interface Made {
  key: string;
  baseUrl: string;
  name: string;
}

let it: KeysGround;
let held: Made;
beforeAll(async () => {
  it = await keysGround();
  held = await it.json<Made>("keys", "create", "--name", "attacks", "--budget-usd", "5");
});
afterAll(() => it.close());
beforeEach(() => {
  it.vendor.seen.length = 0;
  it.vendor.answer = fullAnswer;
  it.reached.length = 0;
});

const sdk = ({ key, baseUrl }: Pick<Made, "key" | "baseUrl">, bearer = false): Anthropic =>
  new Anthropic({ baseURL: baseUrl, maxRetries: 0, ...(bearer ? { apiKey: null, authToken: key } : { apiKey: key }) });
const ask = (maxTokens: number, model = haiku) => ({
  model,
  max_tokens: maxTokens,
  messages: [{ role: "user" as const, content: "hi" }],
});
const errorOf = async (call: Promise<unknown>): Promise<APIError> => {
  try {
    await call;
  } catch (error) {
    if (error instanceof APIError) return error;
    throw error;
  }
  return expect.unreachable();
};

test("S05 B01 a key from `aito keys create` calls models with nothing but its base URL, to the end of its budget and not beyond", async () => {
  const made = await it.json<Made>("keys", "create", "--name", "laptop", "--budget-usd", "0.02", "--model", haiku);
  expect(made).toMatchObject({ name: "laptop", key: expect.stringMatching(/^aito_key_/), baseUrl: `${it.console}/model` });
  for (const bearer of [false, true]) {
    const message = await sdk(made, bearer).messages.create(ask(10_000));
    expect(message.content).toMatchObject([{ type: "text", text: "Hello." }]);
  }
  expect(it.vendor.seen.map(({ headers }) => headers["x-api-key"])).toEqual([vendorKey, vendorKey]);
  expect(JSON.stringify(it.vendor.seen)).not.toContain("aito_key_");
  const other = await errorOf(sdk(made).messages.create(ask(10, "claude-opus-5-5")));
  expect([other.status, other.message]).toEqual([403, expect.stringContaining("AITO_MODEL_NOT_ALLOWED")]);
  // Two calls of $0.005 are spent; of the other cent a third fits, and no fifth.
  let refused: APIError | null = null;
  for (let calls = 0; calls < 4 && !refused; calls += 1)
    refused = await sdk(made)
      .messages.create(ask(10_000))
      .then(
        () => null,
        (error: APIError) => error,
      );
  expect([refused?.status, refused?.type]).toEqual([402, "billing_error"]);
  expect(refused!.message).toMatch(
    /AITO_BUDGET_SPENT: this call may cost \$0\.\d+, and the budget of key laptop \(in all, \$0\.02\) has too little left/,
  );

  const costs = () => it.json<{ name: string; calls: number; costMicroUsd: string }[]>("costs", "--by", "key");
  await expect.poll(async () => (await costs()).find(({ name }) => name === "laptop")?.calls, soon).toBe(it.vendor.seen.length);
  const booked = (await costs()).find(({ name }) => name === "laptop")!;
  expect(Number(booked.costMicroUsd)).toBe(it.vendor.seen.length * 5_001);
  expect(Number(booked.costMicroUsd)).toBeLessThanOrEqual(20_000);
  expect((await it.json<{ name: string }[]>("keys", "list"))[0]).toMatchObject({
    name: "laptop",
    status: "active",
    models: [haiku],
    budgetMicroUsd: "20000",
    usedMicroUsd: booked.costMicroUsd,
  });
}, 120_000);

test("S05 keys are rotated, revoked and run out, each refused from then on and said so in the list", async () => {
  const create = (name: string, ...more: string[]) =>
    it.json<Made>("keys", "create", "--name", name, "--budget-usd", "1", ...more);
  const works = async (made: Made): Promise<number | "yes"> =>
    await sdk(made)
      .messages.create(ask(10))
      .then(
        () => "yes" as const,
        (error: APIError) => error.status as number,
      );
  const status = async (name: string) =>
    (await it.json<{ name: string; status: string }[]>("keys", "list")).find((key) => key.name === name)?.status;
  const first = await create("ci");
  const second = await it.json<Made>("keys", "rotate", "ci", "--overlap-minutes", "5", "--hours", "9");
  expect([await works(first), await works(second)]).toEqual(["yes", "yes"]);
  it.pass(6 * 60_000);
  expect([await works(first), await works(second)]).toEqual([401, "yes"]);
  const again = await it.aito("keys", "create", "--name", "ci", "--budget-usd", "1");
  expect([again.code === 0, again.err]).toEqual([false, expect.stringContaining('there is a key "ci" already')]);
  expect(await it.json("keys", "revoke", "ci")).toMatchObject({ name: "ci", status: "revoked" });
  // Refused at the bell, which may come a moment after the answer to the command.
  await expect.poll(() => works(second), soon).toBe(401);
  expect(await status("ci")).toBe("revoked");
  const short = await create("short", "--hours", "1");
  expect(await works(short)).toBe("yes");
  it.pass(2 * 3_600_000);
  expect([await works(short), await status("short")]).toEqual([401, "expired"]);
  const refused = await errorOf(sdk(short).messages.create(ask(10)));
  expect(refused.message).toMatch(
    /AITO_KEY_INVALID: this key is unknown, expired or revoked \(make a new one with: aito keys create\)/,
  );
}, 120_000);

/** Bytes on a connection of their own; what came back until it closed, or was quiet. */
function raw(text: string | Buffer): Promise<string> {
  const { hostname, port } = new URL(it.console);
  return new Promise((resolve) => {
    const socket = connect(Number(port), hostname, () => socket.write(text));
    let got = "";
    socket.on("data", (bytes: Buffer) => {
      got += bytes.toString("latin1");
      if (/\r\n\r\n[^]*}\s*$/.test(got) || got.endsWith("\r\n0\r\n\r\n")) socket.end();
    });
    socket.setTimeout(20_000, () => socket.destroy());
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(got));
  });
}
const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0);
const body = JSON.stringify(ask(10));
const post = (path: string, headers: string[], content = body): string =>
  [
    `POST ${path} HTTP/1.1`,
    `Host: ${new URL(it.console).host}`,
    "Content-Type: application/json",
    "Connection: close",
    ...headers,
    "",
    content,
  ].join("\r\n");
const length = `Content-Length: ${Buffer.byteLength(body)}`;

test("S05 no way of writing a path leads a key anywhere but to the models", async () => {
  const paths = [
    "/model/../agent/poll",
    "/model/..",
    "/model/%2e%2e/agent/poll",
    "/model/v1/../agent/poll",
    "/model/v1/../../mcp",
    "/model/v1/%2e%2e/%2e%2e/mcp",
    "/model/v1/..%2f..%2fmcp",
    "/model/v1/%252e%252e/mcp",
    "/model/v1%2f..%2fagent%2fpoll",
    "/model//agent/poll",
    "/model/v1//../mcp",
    "/model/mcp",
    "/model/agent/hello",
    "/model/agent/heartbeat",
    "/model/healthz",
    "//model/mcp",
    "/model/v1/messages/../../../mcp",
    "/model/v1/messages\\..\\..\\mcp",
    "/model/v1/./../mcp",
    "/MODEL/mcp",
    "http://gateway/agent/poll",
    `${it.console}/model/mcp`,
    "http://gateway/model/../mcp",
    "/model/v1/messages#/../mcp",
    "/model/v1/messages;/../mcp",
  ];
  for (const path of paths) {
    const answer = await raw(post(path, [`X-Api-Key: ${held.key}`, length]));
    expect({ path, status: statusOf(answer) }).toMatchObject({
      status: expect.toSatisfy((code: number) => code >= 400 && code < 500),
    });
  }
  // Whatever was let through is a model route, as the gateway's own parser reads it.
  for (const line of it.reached) expect(new URL(line.split(" ")[1]!, "http://gateway").pathname).toMatch(/^\/v1\//);
  expect(it.vendor.seen).toEqual([]);
}, 120_000);

test("S05 a key opens no operator's route, and an operator's key no model; nobody gets in without one", async () => {
  for (const path of Object.values(operatorApi)) {
    for (const headers of [{ authorization: `Bearer ${held.key}` }, { "x-api-key": held.key }] as Record<string, string>[]) {
      const { status } = await fetch(`${it.console}${path}`, { headers });
      // What is only posted to is not there for a GET.
      expect({ path, status }).toMatchObject({ status: expect.toSatisfy((code: number) => code === 401 || code === 404) });
    }
  }
  expect((await fetch(`${it.console}${operatorApi.status}`, { headers: { "x-api-key": held.key } })).status).toBe(401);
  const made = await fetch(`${it.console}${operatorApi.keys}`, {
    method: "POST",
    headers: { authorization: `Bearer ${held.key}`, "content-type": "application/json" },
    body: JSON.stringify({ name: "mine", budgetUsd: 1_000 }),
  });
  expect(made.status).toBe(401);
  for (const key of [
    operatorKey,
    "aito_key_",
    `aito_key_${"A".repeat(43)}`,
    "sk-ant-api03-somebody",
    `aito_ses_${"A".repeat(43)}`,
    "",
  ]) {
    expect({ key, status: statusOf(await raw(post("/model/v1/messages", [`X-Api-Key: ${key}`, length]))) }).toEqual({
      key,
      status: 401,
    });
  }
  expect(it.vendor.seen).toEqual([]);
}, 120_000);

test("S05 headers are nobody's way past the gateway: forged, doubled, hop by hop, or two lengths for one body", async () => {
  const forged = [
    "X-Aito-Proof: x",
    "X-Aito-Agent: ceo",
    "X-Forwarded-For: 10.0.0.1",
    "X-Forwarded-Host: evil",
    "Proxy-Authorization: Basic eA==",
    "Cookie: aito_session=x",
    "Anthropic-Beta: a-beta",
    "Connection: close, X-Api-Key, Anthropic-Beta",
    "Te: trailers",
    "Upgrade-Insecure-Requests: 1",
  ];
  const answer = await raw(
    post("/model/v1/messages", [`X-Api-Key: ${held.key}`, `Authorization: Bearer ${operatorKey}`, ...forged, length]),
  );
  expect(statusOf(answer)).toBe(200);
  const [seen] = it.vendor.seen;
  expect(seen!.headers).toMatchObject({ "x-api-key": vendorKey, "anthropic-beta": "a-beta" });
  const allowed = [
    "x-api-key",
    "anthropic-version",
    "anthropic-beta",
    "content-type",
    "accept",
    "user-agent",
    "host",
    "connection",
    "content-length",
    "transfer-encoding",
  ];
  expect(Object.keys(seen!.headers).filter((name) => !allowed.includes(name))).toEqual([]);
  it.vendor.seen.length = 0;
  const bad = [
    [length, `Content-Length: ${Buffer.byteLength(body) + 10}`],
    [length, "Transfer-Encoding: chunked"],
    ["Content-Length: -1"],
    ["Content-Length: 1e2"],
    ["Transfer-Encoding: xchunked"],
    [`${length}\r\nX-Api-Key: ${held.key}\r\n X-Folded: 1`],
    ["Content-Length: 5\nTransfer-Encoding: chunked"],
  ];
  for (const headers of bad) {
    const refused = await raw(post("/model/v1/messages", [`X-Api-Key: ${held.key}`, ...headers]));
    expect({ headers, status: statusOf(refused) }).toMatchObject({
      status: expect.toSatisfy((code: number) => code >= 400 && code < 500),
    });
  }
  expect(it.vendor.seen).toEqual([]);
  // What follows a body is not the start of somebody's next request to the gateway.
  const before = it.reached.length;
  await raw(
    post("/model/v1/messages", [`X-Api-Key: ${held.key}`, length], `${body}POST /agent/hello HTTP/1.1\r\nHost: gateway\r\n\r\n`),
  );
  expect(it.reached.slice(before).every((line) => line.startsWith("POST /v1/messages "))).toBe(true);
}, 120_000);

test("S05 a body without a length is taken, one that is too long is refused by what it says and by what it holds", async () => {
  const chunk = (text: string): string => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
  const chunked = ["Transfer-Encoding: chunked", `X-Api-Key: ${held.key}`];
  expect(
    statusOf(await raw(post("/model/v1/messages", chunked, `${chunk(body.slice(0, 9))}${chunk(body.slice(9))}0\r\n\r\n`))),
  ).toBe(200);
  expect(it.vendor.seen).toHaveLength(1);
  const said = await raw(post("/model/v1/messages", [`X-Api-Key: ${held.key}`, `Content-Length: ${64 * 1024 * 1024}`], "{"));
  expect(statusOf(said)).toBe(413);
  expect(said).toContain("AITO_REQUEST_TOO_BIG");
  const status = await new Promise<number>((resolve) => {
    const { hostname, port } = new URL(it.console);
    const sending = httpRequest({
      hostname,
      port,
      path: "/model/v1/messages",
      method: "POST",
      headers: { "x-api-key": held.key, "content-type": "application/json" },
    });
    sending.on("response", (response) => {
      response.resume();
      resolve(response.statusCode!);
    });
    sending.on("error", () => resolve(0));
    let sent = 0;
    const part = Buffer.alloc(1024 * 1024, 0x20);
    const more = (): void => {
      if (sent++ >= 80 || sending.destroyed) return void sending.end();
      if (sending.write(part)) setImmediate(more);
      else sending.once("drain", more);
    };
    more();
  });
  // Refused in words, or cut off while it was still sending.
  expect([413, 0]).toContain(status);
  expect(it.vendor.seen).toHaveLength(1);
  expect((await sdk(held).messages.create(ask(10))).content).toHaveLength(1);
}, 120_000);

test("S05 a reader who goes away in the middle of a stream ends it at the vendor, and pays for what had come", async () => {
  it.vendor.answer = endlessAnswer;
  const cutBefore = it.vendor.cutOff;
  const stream = await sdk(held).messages.create({ ...ask(1_000), stream: true });
  for await (const event of stream) if (event.type === "content_block_delta") break;
  await expect.poll(() => it.vendor.cutOff, soon).toBe(cutBefore + 1);
  await expect
    .poll(async () => {
      const usage = await it.deps.db.transaction({ companyId: it.deps.companyId }, (tx) =>
        tx.queries.selectFrom("usage").selectAll().where("cut", "=", true).execute(),
      );
      return usage.map((row) => [row["status"], row["cost_micro_usd"] !== null]);
    }, soon)
    .toEqual([[499, true]]);
}, 120_000);
