import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Clock, silentLogger } from "@aito/base";
import { afterEach, expect, test } from "vitest";
import type { GatewayContext } from "../gateway-context.ts";
import { askUpstream } from "./upstream.ts";

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

/** An upstream that answers by a script, and a clock on which waiting takes no time but is written down. */
async function setUp(answers: ((response: ServerResponse) => void)[]) {
  const seen: IncomingHttpHeaders[] = [];
  const server = createServer((request, response) => {
    request.resume();
    seen.push(request.headers);
    const answer = answers[Math.min(seen.length, answers.length) - 1]!;
    answer(response);
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const waits: number[] = [];
  const clock: Clock = { now: () => new Date(0), sleep: async (ms) => void waits.push(ms), after: () => () => undefined };
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const context = {
    clock,
    log: silentLogger,
    random: () => 0.5,
    upstream: { baseUrl, apiKey: "sk-real-key-for-the-test", name: "anthropic" },
  } as unknown as GatewayContext;
  const ask = (signal = new AbortController().signal) =>
    askUpstream(context, {
      method: "POST",
      path: "/v1/messages?beta=true",
      headers: {
        authorization: "Bearer aito_ses_secret",
        "x-api-key": "dummy",
        cookie: "a=b",
        "x-aito-run": "1",
        "content-type": "application/json",
        "anthropic-version": "2023-06-01",
        "anthropic-beta": "some-beta",
      },
      body: Buffer.from("{}"),
      signal,
    });
  return { ask, seen, waits, context };
}

const status =
  (code: number, headers: Record<string, string> = {}) =>
  (response: ServerResponse) =>
    void response.writeHead(code, headers).end("{}");

test("only the real key goes upstream: the agent's session, keys and cookies stay", async () => {
  const { ask, seen } = await setUp([status(200)]);
  expect((await ask()).statusCode).toBe(200);
  expect(seen[0]).toMatchObject({
    "x-api-key": "sk-real-key-for-the-test",
    "anthropic-beta": "some-beta",
    "anthropic-version": "2023-06-01",
  });
  for (const name of ["authorization", "cookie", "x-aito-run"]) expect(seen[0]).not.toHaveProperty(name);
});

test.each([429, 500, 502, 503, 504, 529])("an answer of %i is tried again, with at most three attempts in all", async (code) => {
  const { ask, seen, waits } = await setUp([status(code)]);
  expect((await ask()).statusCode).toBe(code);
  expect(seen).toHaveLength(3);
  expect(waits).toEqual([250, 500]);
});

test("the first good answer ends the trying", async () => {
  const { ask, seen } = await setUp([status(529), status(200)]);
  expect((await ask()).statusCode).toBe(200);
  expect(seen).toHaveLength(2);
});

test.each([400, 401, 403, 404, 413])("an answer of %i is passed on at once", async (code) => {
  const { ask, seen } = await setUp([status(code)]);
  expect((await ask()).statusCode).toBe(code);
  expect(seen).toHaveLength(1);
});

test("retry-after is kept, within a bound", async () => {
  const { ask, waits } = await setUp([status(429, { "retry-after": "7" }), status(429, { "retry-after": "86400" }), status(200)]);
  await ask();
  expect(waits).toEqual([7_000, 20_000]);
});

test("an upstream that is not there is an error that says where it was looked for", async () => {
  const { ask, waits } = await setUp([]);
  const server = servers.pop()!;
  await new Promise((done) => server.close(done));
  await expect(ask()).rejects.toMatchObject({ code: "AITO_MODEL_UNAVAILABLE", status: 503, fate: "retry" });
  expect(waits).toHaveLength(2);
});

test("an aborted call is not tried again", async () => {
  const stop = new AbortController();
  const { ask, seen } = await setUp([() => stop.abort(new Error("the agent has gone"))]);
  await expect(ask(stop.signal)).rejects.toThrow("the agent has gone");
  expect(seen).toHaveLength(1);
});
