import { fileURLToPath } from "node:url";
import { makeNewId, newToken, sha256, silentLogger, systemClock } from "@aito/base";
import { type CompanyDeps, loadPack, registerFleet, sealEvents } from "@aito/company";
import { connectPostgres } from "@aito/db";
import { afterAll, expect, test } from "vitest";
import { usePostgres, useRedis, waitFor } from "../src/index.ts";
import { startConsoleProgram } from "./console-program.ts";

const slowMs = 120_000;
const key = newToken("op");
const linkKey = newToken("key");
const closing: (() => unknown)[] = [];
const postgres = usePostgres();
const redis = useRedis();
afterAll(async () => {
  for (const close of closing.toReversed()) await close();
});

/** A console as a process of its own. */
async function startConsole(postgresUrl: string, redisUrl: string): Promise<string> {
  const { url, end } = await startConsoleProgram({
    POSTGRES_URL: postgresUrl,
    REDIS_URL: redisUrl,
    AITO_COMPANY: "two-consoles",
    AITO_LINK_KEY: linkKey,
    AITO_OPERATOR_KEY_HASH: sha256(key),
  });
  closing.push(end);
  return url;
}

interface Frame {
  event: string;
  id: string;
  data: string;
}

/** A page that follows the stream of one console. */
async function follow(url: string, cookie: string, after?: string): Promise<{ frames: Frame[]; close(): void }> {
  const end = new AbortController();
  const headers = { cookie, ...(after === undefined ? {} : { "last-event-id": after }) };
  const answer = await fetch(`${url}/api/v1/stream`, { headers, signal: end.signal });
  expect(answer.status).toBe(200);
  const frames: Frame[] = [];
  const read = async (): Promise<void> => {
    let text = "";
    for await (const part of answer.body!.pipeThrough(new TextDecoderStream())) {
      const pieces = (text + part).split("\n\n");
      text = pieces.pop()!;
      for (const piece of pieces) {
        const field = (name: string): string => new RegExp(`^${name}: (.*)$`, "m").exec(piece)?.[1] ?? "";
        frames.push({ event: field("event"), id: field("id"), data: field("data") });
      }
    }
  };
  read().catch(() => undefined);
  closing.push(() => end.abort());
  await waitFor(
    () => frames.some(({ event }) => event === "hello"),
    (there) => there,
    slowMs,
  );
  return { frames, close: () => end.abort() };
}

test(
  "S16 S20 two consoles behave as one: sessions, links, changes, gaps and limits are the same at both",
  { timeout: 600_000 },
  async ({ skip }) => {
    const { database } = postgres.orSkip(skip);
    const { url: redisUrl } = redis.orSkip(skip);
    const db = connectPostgres({ url: database.controlUrl, clock: systemClock, log: silentLogger });
    closing.push(() => db.close());
    const newId = makeNewId(systemClock.now);
    const companyId = await db.findOrCreateCompany({ id: newId(), slug: "two-consoles", name: "Two consoles" });
    const deps: CompanyDeps = { db, companyId, clock: systemClock, newId, deliver: () => Promise.resolve(), rehearsal: true };
    await registerFleet(deps, await loadPack(fileURLToPath(new URL("../../../profiles/aito/fleet.yaml", import.meta.url))));
    const [one, other] = await Promise.all([
      startConsole(database.controlUrl, redisUrl),
      startConsole(database.controlUrl, redisUrl),
    ]);

    const ask = async (url: string, path: string, headers: Record<string, string>, body?: unknown) => {
      const more = body === undefined ? {} : { "content-type": "application/json" };
      const post = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
      const answer = await fetch(`${url}${path}`, { ...post, headers: { ...headers, ...more }, redirect: "manual" });
      const text = await answer.text();
      return {
        status: answer.status,
        headers: answer.headers,
        body: (text.startsWith("{") ? JSON.parse(text) : {}) as Record<string, unknown>,
      };
    };
    const bearer = { authorization: `Bearer ${key}` };

    // A link that one made opens at the other, once at both.
    const link = new URL(String((await ask(one, "/api/v1/login-links", bearer, {})).body["url"])).pathname;
    const uses = await Promise.all(
      [one, other].map((url) => fetch(url + link, { method: "POST", headers: { origin: url }, redirect: "manual" })),
    );
    expect(uses.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([303, 410]);
    const cookie = uses
      .find(({ status }) => status === 303)!
      .headers.get("set-cookie")!
      .split(";")[0]!;
    const who = async (url: string) => await ask(url, "/api/v1/session", { cookie });
    const [here, there] = [await who(one), await who(other)];
    expect([here.status, there.status, here.body["csrfToken"] === there.body["csrfToken"]]).toEqual([200, 200, true]);

    // A change by one is told to the pages of both, and read at both; asked for again at the other it is the same.
    const [left, right] = [await follow(one, cookie), await follow(other, cookie)];
    const rung = (frames: Frame[]): boolean =>
      frames.some(({ event, data }) => event === "bell" && data.includes("task.created"));
    const request = { title: "Asked at one", assignTo: "cmo", key: "the same" };
    const change = { cookie, origin: one, "x-csrf-token": String(here.body["csrfToken"]) };
    const made = await ask(one, "/api/v1/tasks", change, request);
    const again = await ask(other, "/api/v1/tasks", { ...change, origin: other }, request);
    expect([made.status, again.status, again.body["id"]]).toEqual([201, 200, made.body["id"]]);
    await waitFor(
      () => [rung(left.frames), rung(right.frames)],
      (both) => both.every(Boolean),
      slowMs,
    );
    expect((await ask(other, `/api/v1/tasks/${String(made.body["id"])}`, { cookie })).body["title"]).toBe("Asked at one");

    // What is sealed comes to both under the same numbers; who comes back at the other is given what it missed, each once.
    const numbers = (frames: Frame[]): string[] =>
      frames.filter(({ event }) => event === "audit").map(({ id, data }) => `${id} ${(JSON.parse(data) as { id: string }).id}`);
    const sealAll = async (): Promise<void> => {
      while ((await sealEvents(deps)) > 0);
    };
    const told = async (page: { frames: Frame[] }, title: string): Promise<void> => {
      const has = (): boolean => page.frames.some(({ event, data }) => event === "audit" && data.includes(title));
      await waitFor(
        async () => (await sealAll(), has()),
        (there_) => there_,
        slowMs,
      );
    };
    await told(left, "Asked at one");
    await told(right, "Asked at one");
    const seen = numbers(left.frames);
    expect(numbers(right.frames).slice(0, seen.length)).toEqual(seen);
    left.close();
    for (const title of ["Missed 1", "Missed 2", "Missed 3"])
      expect((await ask(one, "/api/v1/tasks", change, { title, assignTo: "cto" })).status).toBe(201);
    await told(right, "Missed 3");
    const back = await follow(other, cookie, seen.at(-1)!.split(" ")[0]);
    await told(back, "Missed 3");
    const caughtUp = numbers(back.frames);
    expect(caughtUp).toEqual(numbers(right.frames).slice(seen.length, seen.length + caughtUp.length));
    expect(caughtUp.map((line) => Number(line.split(" ")[0]))).toEqual(
      caughtUp.map((_, at) => Number(seen.at(-1)!.split(" ")[0]) + 1 + at),
    );

    // Guesses are counted together.
    const guess = async (url: string): Promise<number> => {
      const body = new URLSearchParams({ name: "nobody", password: "wrong guess", code: "000000" });
      return (
        await fetch(`${url}/sign-in`, { method: "POST", body, headers: { origin: url, accept: "text/html" }, redirect: "manual" })
      ).status;
    };
    const guesses: number[] = [];
    for (const url of [one, other, one, other, one, other, one]) guesses.push(await guess(url));
    expect(guesses).toEqual([401, 401, 401, 401, 401, 429, 429]);
    // So are guessed links: in turns, neither console alone has seen too many when they are refused.
    let turn = 0;
    const guessLink = async () => {
      const url = (turn += 1) % 2 === 0 ? one : other;
      return await ask(url, "/login/guess", { origin: url }, {});
    };
    const refused = await waitFor(guessLink, ({ status }) => status === 429, slowMs);
    expect(refused.body["error"]).toMatchObject({ code: "AITO_SIGN_IN_RATE" });

    // Signed out at one is signed out at both, at once.
    const out = await fetch(`${one}/logout`, { method: "POST", headers: change });
    expect([out.status, (await who(one)).status, (await who(other)).status]).toEqual([204, 401, 401]);
  },
);
