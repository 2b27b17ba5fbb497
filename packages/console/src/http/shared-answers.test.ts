import fastify, { type FastifyInstance } from "fastify";
import { afterEach, beforeEach, expect, test } from "vitest";
import { shareAnswers } from "./shared-answers.ts";

let app: FastifyInstance;
let reads: (() => void)[] = [];
let [started, stored] = [0, 1];
beforeEach(async () => {
  [reads, started, stored] = [[], 0, 1];
  app = fastify();
  app.decorateRequest("principal", null);
  app.addHook("onRequest", async (request) => {
    const scopes = String(request.headers["x-scopes"] ?? "read").split(" ");
    request.principal = {
      kind: "key",
      how: "API key",
      operator: "@ada",
      operatorId: null,
      role: "owner",
      scopes: scopes as "read"[],
    };
  });
  shareAnswers(app);
  const read = async (): Promise<{ seen: number }> => {
    started += 1;
    const seen = stored;
    await new Promise<void>((resolve) => void reads.push(resolve));
    if (seen < 0) throw new Error("it broke");
    return { seen };
  };
  app.get("/shared", { config: { shared: true } }, read);
  app.get("/own", read);
  await app.ready();
});
afterEach(() => app.close());

const ask = async (url: string, scopes = "read"): Promise<{ seen?: number; statusCode: number }> => {
  const answer = await app.inject({ url, headers: { "x-scopes": scopes } });
  expect(answer.headers["content-type"]).toContain("application/json");
  return { ...(answer.statusCode === 200 ? answer.json<{ seen: number }>() : {}), statusCode: answer.statusCode };
};
const until = async (count: number): Promise<void> => {
  while (started < count) await new Promise(setImmediate);
};
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 50; turn += 1) await new Promise(setImmediate);
};

test("those who ask while one is read share the next read, so that nobody is given what was read before they asked", async () => {
  const first = ask("/shared");
  await until(1);
  stored = 2;
  const later = [ask("/shared"), ask("/shared"), ask("/shared")];
  await settled();
  expect(started).toBe(1);
  reads[0]!();
  await until(2);
  stored = 3;
  const last = ask("/shared");
  await settled();
  reads[1]!();
  expect((await Promise.all([first, ...later])).map(({ seen }) => seen)).toEqual([1, 2, 2, 2]);
  await until(3);
  reads[2]!();
  expect((await last).seen).toBe(3);
  await settled();
  // Nothing is kept.
  const anew = ask("/shared");
  await until(4);
  reads[3]!();
  expect((await anew).seen).toBe(3);
});

test("whoever may do less, asks for something else, or uses a route of their own, shares nothing", async () => {
  const all = [ask("/shared"), ask("/shared", "read answer"), ask("/shared?limit=1"), ask("/own"), ask("/own")];
  await until(5);
  for (const read of reads) read();
  expect((await Promise.all(all)).map(({ seen }) => seen)).toEqual([1, 1, 1, 1, 1]);
});

test("a read that fails is told to those who shared it, and the next is tried", async () => {
  stored = -1;
  const first = ask("/shared");
  await until(1);
  const second = ask("/shared");
  await settled();
  stored = 5;
  reads[0]!();
  await until(2);
  reads[1]!();
  expect([(await first).statusCode, await second]).toEqual([500, { seen: 5, statusCode: 200 }]);
});
