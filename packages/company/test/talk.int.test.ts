import { afterEach, beforeEach, expect, test } from "vitest";
import {
  type AgentSession,
  listMessages,
  listThreads,
  messageDetail,
  replayMessages,
  sendMessage,
  talkSpan,
} from "../src/index.ts";
import { openCompany, type TestCompany } from "./open-company.ts";

let company: TestCompany;
let [cmo, cto]: AgentSession[] = [];
beforeEach(async () => {
  company = await openCompany();
  cmo = await company.enter("cmo");
  cto = await company.enter("cto");
});
afterEach(() => company.close());

const say = async (from: AgentSession, to: string, text: string, inReplyTo?: string) => {
  company.clock.advance(60_000);
  const type = to === "all" ? ("broadcast" as const) : ("direct" as const);
  return await sendMessage(company.deps, from, { type, to, payload: { text }, inReplyTo: inReplyTo ?? null });
};
const texts = (messages: { payload: Record<string, unknown> }[]): unknown[] => messages.map(({ payload }) => payload["text"]);

test("M07 what was said is played again from any time on, oldest first, a page at a time, of all, a channel or a conversation", async () => {
  const { deps, clock } = company;
  expect(await talkSpan(deps, {})).toEqual({ from: null, to: null, messages: 0, parts: [] });
  const first = await say(cmo!, "cto", "one");
  const second = await say(cto!, "cmo", "two", first.id);
  const from = clock.now();
  await say(cmo!, "all", "three");
  await say(cmo!, "ceo", "four");
  await say(cmo!, "cto", "five", second.id);

  const page = await replayMessages(deps, { limit: 2 });
  expect(texts(page.items)).toEqual(["one", "two"]);
  const rest = await replayMessages(deps, { limit: 20, after: page.next! });
  expect([texts(rest.items), rest.next]).toEqual([["three", "four", "five"], null]);
  expect(texts((await replayMessages(deps, { limit: 9, from: new Date(from.getTime() + 1) })).items)).toEqual([
    "three",
    "four",
    "five",
  ]);
  expect(texts((await replayMessages(deps, { limit: 9, with: "all" })).items)).toEqual(["three"]);
  expect(texts((await replayMessages(deps, { limit: 9, with: "cto" })).items)).toEqual(["one", "two", "five"]);
  expect(texts((await replayMessages(deps, { limit: 9, thread: first.id })).items)).toEqual(["one", "two", "five"]);
  expect(texts(await listMessages(deps, { with: "ceo" }))).toEqual(["four"]);
  expect(texts((await messageDetail(deps, second.id)).thread)).toEqual(["one", "two", "five"]);

  const span = await talkSpan(deps, {});
  expect(span).toMatchObject({ from: first.timestamp, messages: 5 });
  expect([span.parts.length, span.parts.reduce((sum, count) => sum + count, 0)]).toEqual([60, 5]);
  expect((await talkSpan(deps, { with: "all" })).parts.reduce((sum, count) => sum + count, 0)).toBe(1);

  expect(await listThreads(deps, { limit: 9 })).toMatchObject([
    {
      id: first.id,
      messages: 3,
      first: { payload: { text: "one" } },
      last: { payload: { text: "five" } },
      people: ["cmo", "cto"],
    },
  ]);
  expect(await listThreads(deps, { limit: 9, with: "ceo" })).toEqual([]);
  expect(await listThreads(deps, { limit: 9, before: first.id })).toEqual([]);
});

test("M07 conversations are found by their answers: the newest beginning first, a page at a time, and none of one message", async () => {
  const { deps } = company;
  const firsts: string[] = [];
  for (let at = 0; at < 3; at += 1) {
    await say(cmo!, "cto", `alone ${at}`);
    firsts.push((await say(cmo!, "cto", `asked ${at}`)).id);
  }
  // The oldest was answered last, and twice: it stays where it began.
  for (const id of firsts.toReversed()) await say(cto!, "cmo", "answer", id);
  await say(cto!, "ceo", "told on", firsts[0]);
  const all = await listThreads(deps, { limit: 9 });
  expect(all.map(({ id }) => id)).toEqual(firsts.toReversed());
  expect(all.map(({ messages }) => messages)).toEqual([2, 2, 3]);
  const page = await listThreads(deps, { limit: 2 });
  expect(page.map(({ id }) => id)).toEqual([firsts[2], firsts[1]]);
  expect((await listThreads(deps, { limit: 2, before: page.at(-1)!.id })).map(({ id }) => id)).toEqual([firsts[0]]);
  expect((await listThreads(deps, { limit: 9, with: "ceo" })).map(({ id }) => id)).toEqual([firsts[0]]);
});

test("M07 each message of a span is in the part in which it was said, the last in the last", async () => {
  const { deps, clock } = company;
  // Times from 0 to 60 minutes: sixty parts of a minute each.
  const begin = clock.now().getTime();
  await say(cmo!, "cto", "0");
  clock.advance(60_000 - 1);
  await sendMessage(deps, cmo!, { type: "direct", to: "cto", payload: { text: "just within the first" }, inReplyTo: null });
  clock.advance(1);
  await sendMessage(deps, cmo!, { type: "direct", to: "cto", payload: { text: "begins the second" }, inReplyTo: null });
  clock.advance(59 * 60_000);
  await sendMessage(deps, cmo!, { type: "direct", to: "cto", payload: { text: "last" }, inReplyTo: null });
  const { from, to, parts } = await talkSpan(deps, {});
  expect([Date.parse(from!) - begin, Date.parse(to!) - begin]).toEqual([60_000, 61 * 60_000]);
  expect([parts[0], parts[1], parts.at(-1)]).toEqual([2, 1, 1]);
  expect((await talkSpan(deps, { thread: (await listMessages(deps, { limit: 1 }))[0]!.id })).parts[0]).toBe(1);
});
