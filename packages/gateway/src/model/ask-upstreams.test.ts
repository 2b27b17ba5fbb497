import { createServer, type IncomingHttpHeaders, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Clock, silentLogger } from "@aito/base";
import { afterEach, expect, test } from "vitest";
import { makeAdmission } from "./admission.ts";
import { askUpstreams, type Route } from "./ask-upstreams.ts";
import { makeBreaker } from "./breaker.ts";
import { messagesUpstream } from "./upstreams/messages-upstream.ts";
import { fixedKey } from "./upstreams/upstream-keys.ts";
import type { ModelUpstream } from "./upstreams/upstream.ts";

const servers: Server[] = [];
const upstreams: ModelUpstream[] = [];
afterEach(async () => {
  for (const upstream of upstreams.splice(0)) await upstream.close();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

type Answer = (response: ServerResponse) => void;

/** Upstreams that answer by a script, and a clock on which waiting takes no time but is written down and passes. */
async function setUp(scripts: Answer[][]) {
  const seen: { route: number; headers: IncomingHttpHeaders; at: number }[] = [];
  const waits: number[] = [];
  let now = 0;
  const clock: Clock = {
    now: () => new Date(now),
    sleep: async (ms) => {
      waits.push(Math.round(ms));
      now += ms;
    },
    after: (ms, run) => {
      const timer = setTimeout(() => {
        now += ms;
        run();
      }, 0);
      // A limit on waiting is far away; what paces is near.
      if (ms >= 1_000) clearTimeout(timer);
      return () => clearTimeout(timer);
    },
  };
  const random = (): number => 0.5;
  const routes: Route[] = [];
  for (const [route, answers] of scripts.entries()) {
    let count = 0;
    const server = createServer((request, response) => {
      request.resume();
      seen.push({ route, headers: request.headers, at: now });
      count += 1;
      answers[Math.min(count, answers.length) - 1]!(response);
    });
    servers.push(server);
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const upstream = messagesUpstream({ name: `u${route}`, baseUrl, key: fixedKey("sk-real-key-for-the-test"), free: false });
    upstreams.push(upstream);
    const tools = { clock, random };
    routes.push({ model: `m${route}`, upstream, admission: makeAdmission(tools), breaker: makeBreaker(tools) });
  }
  const ask = (signal = new AbortController().signal) =>
    askUpstreams(
      { clock, log: silentLogger, random },
      {
        routes,
        request: (route) => ({
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
          model: route.model,
        }),
        caller: "cmo",
        priority: 2,
        signal,
      },
    );
  return { ask, seen, waits, routes, pass: (ms: number) => (now += ms) };
}

const status =
  (code: number, headers: Record<string, string> = {}, body = "{}"): Answer =>
  (response) =>
    void response.writeHead(code, headers).end(body);

test("only the real key goes upstream: the agent's session, keys and cookies stay", async () => {
  const { ask, seen } = await setUp([[status(200)]]);
  expect((await ask()).answer.status).toBe(200);
  expect(seen[0]!.headers).toMatchObject({
    "x-api-key": "sk-real-key-for-the-test",
    "anthropic-beta": "some-beta",
    "anthropic-version": "2023-06-01",
  });
  for (const name of ["authorization", "cookie", "x-aito-run"]) expect(seen[0]!.headers).not.toHaveProperty(name);
});

test.each([429, 500, 502, 503, 504, 529])(
  "F14 an answer of %i is tried again, with at most three attempts in all",
  async (code) => {
    const { ask, seen, waits } = await setUp([[status(code)]]);
    const asked = await ask();
    expect([asked.answer.status, asked.attempts]).toEqual([code, 3]);
    expect(seen).toHaveLength(3);
    expect(waits).toEqual([250, 500]);
  },
);

test.each([400, 401, 403, 404, 413])("an answer of %i is passed on at once", async (code) => {
  const { ask, seen } = await setUp([[status(code)]]);
  expect((await ask()).answer.status).toBe(code);
  expect(seen).toHaveLength(1);
});

test("F14 a retry-after is kept by everybody, and one that is too long is passed on instead of waited for", async () => {
  const short = await setUp([[status(429, { "retry-after": "7" }), status(200)]]);
  expect((await short.ask()).answer.status).toBe(200);
  expect(short.seen[1]!.at - short.seen[0]!.at).toBeGreaterThanOrEqual(7_000);
  const long = await setUp([[status(429, { "retry-after": "86400" }), status(200)]]);
  const { answer, attempts } = await long.ask();
  expect([answer.status, answer.headers["retry-after"], attempts]).toEqual([429, "86400", 1]);
  await expect(long.ask()).rejects.toMatchObject({ code: "AITO_MODEL_UNAVAILABLE", status: 529 });
  expect(long.seen).toHaveLength(1);
});

test.each(["enforced_spend_limit_reached", "This request would exceed your account's monthly spend limit."])(
  "F14 a 429 about spending is never tried again: %s",
  async (text) => {
    const body = JSON.stringify({ type: "error", error: { type: "rate_limit_error", message: text } });
    const { ask, seen } = await setUp([[status(429, {}, body)], [status(200)]]);
    const { answer } = await ask();
    expect(answer.status).toBe(429);
    expect(Buffer.concat(await answer.body.toArray()).toString()).toBe(body);
    expect(seen).toHaveLength(1);
  },
);

test("fallbacks are asked in their order, at once, within the same three attempts", async () => {
  const { ask, seen, waits } = await setUp([[status(529)], [status(503)], [status(200)], [status(200)]]);
  const { route, attempts } = await ask();
  expect([route.model, attempts]).toEqual(["m2", 3]);
  expect(seen.map((each) => each.route)).toEqual([0, 1, 2]);
  expect(waits).toEqual([]);
});

test("S03 a model that failed five times in a row is asked by one call at a time until it answers; its fallback takes the rest", async () => {
  const { ask, seen, pass } = await setUp([[...Array.from({ length: 5 }, () => status(529)), status(200)], [status(200)]]);
  for (let call = 0; call < 6; call += 1) expect((await ask()).route.model).toBe("m1");
  expect(seen.filter((each) => each.route === 0)).toHaveLength(5);
  pass(5_000);
  expect((await ask()).route.model).toBe("m0");
  expect((await ask()).route.model).toBe("m0");
});

test("an upstream that is not there is a failure of which nothing was sent", async () => {
  const { ask, waits } = await setUp([[]]);
  const server = servers.pop()!;
  await new Promise((done) => server.close(done));
  await expect(ask()).rejects.toMatchObject({ sent: false });
  expect(waits).toHaveLength(2);
});

test("an aborted call is not tried again", async () => {
  const stop = new AbortController();
  const { ask, seen } = await setUp([[() => stop.abort(new Error("the agent has gone"))]]);
  await expect(ask(stop.signal)).rejects.toThrow("the agent has gone");
  expect(seen).toHaveLength(1);
});
