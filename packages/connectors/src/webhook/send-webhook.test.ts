import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { systemClock } from "@aito/base";
import { afterEach, expect, test } from "vitest";
import { sendWebhook } from "./send-webhook.ts";
import { verifyWebhook } from "./signature.ts";

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

async function receiver(handle: (request: IncomingMessage, response: ServerResponse, body: string) => void): Promise<string> {
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => handle(request, response, body));
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
}

const send = (url: string, timeoutMs = 1_000) =>
  sendWebhook({
    url,
    secret: "a shared secret",
    eventId: "event-1",
    payload: { type: "escalation.waiting", n: 1 },
    clock: systemClock,
    timeoutMs,
  });

test("a receiver that knows the secret can verify what it was sent", async () => {
  const seen: { ok: boolean; tampered: boolean; wrongSecret: boolean; id: unknown }[] = [];
  const url = await receiver((request, response, body) => {
    const check = (secret: string, text: string) =>
      verifyWebhook({ secret, headers: request.headers, body: text, now: new Date() });
    seen.push({
      ok: check("a shared secret", body),
      tampered: check("a shared secret", body.replace("1", "2")),
      wrongSecret: check("another", body),
      id: request.headers["x-aito-event-id"],
    });
    response.writeHead(204).end();
  });
  expect(await send(url)).toEqual({ ok: true, status: 204 });
  expect(seen).toEqual([{ ok: true, tampered: false, wrongSecret: false, id: "event-1" }]);
});

test("an old timestamp is refused, so that a recorded request cannot be sent again later", async () => {
  let headers: IncomingMessage["headers"] = {};
  let text = "";
  const url = await receiver((request, response, body) => {
    headers = request.headers;
    text = body;
    response.writeHead(200).end("ok");
  });
  await send(url);
  const later = new Date(Date.now() + 301_000);
  expect(verifyWebhook({ secret: "a shared secret", headers, body: text, now: later })).toBe(false);
  expect(verifyWebhook({ secret: "a shared secret", headers: {}, body: text, now: new Date() })).toBe(false);
});

test("redirects are not followed and are final", async () => {
  let hits = 0;
  const url = await receiver((_, response) => {
    hits += 1;
    response.writeHead(302, { location: "/elsewhere" }).end();
  });
  expect(await send(url)).toMatchObject({ ok: false, status: 302, retryable: false });
  expect(hits).toBe(1);
});

test.each([
  [500, true],
  [503, true],
  [429, true],
  [408, true],
  [400, false],
  [410, false],
])("an answer of %i can be retried: %s", async (status, retryable) => {
  const url = await receiver((_, response) => response.writeHead(status).end());
  expect(await send(url)).toMatchObject({ ok: false, status, retryable });
});

test("a receiver that never answers is given up after the timeout", async () => {
  const url = await receiver(() => undefined);
  expect(await send(url, 100)).toMatchObject({ ok: false, status: null, retryable: true });
});

test("an address where nobody listens can be retried; one that is no address cannot", async () => {
  const url = await receiver(() => undefined);
  const server = servers.pop()!;
  await new Promise((done) => server.close(done));
  expect(await send(url)).toMatchObject({ ok: false, status: null, retryable: true });
  expect(await send("not an address")).toMatchObject({ ok: false, status: null, retryable: false });
});
