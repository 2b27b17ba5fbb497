import { silentLogger, systemClock } from "@aito/base";
import { afterAll, beforeAll, expect, test } from "vitest";
import { seededRandom } from "../src/races/seeded-random.ts";
import {
  anyUsage,
  chatFaults,
  chatWritten,
  type MadeAnswer,
  messagesEvents,
  stream,
  streamFaults,
  type Written,
} from "../src/malformed/malformed-answers.ts";
import { hugeCall, makeCalls } from "../src/malformed/malformed-calls.ts";
import { malformedUpstream, type MalformedUpstream } from "../src/malformed/malformed-upstream.ts";
import { malformedGround, type MalformedGround } from "../src/malformed/run-malformed.ts";

const seed = Number(process.env["AITO_TEST_SEED"] ?? 15);
const random = seededRandom(seed);
const agents = ["ceo", "dao", "cmo", "cfo", "cto", "coo"];
const chatRoles = ["cto", "coo"];

/** One conversation: answers with calls, then one that is broken in form, or a sound end. */
interface Conversation {
  answers: MadeAnswer[];
  result?: { outcome: string; error: string | null; summary: string };
}
const conversations: Conversation[] = [];
const counts = new Map<string, number>();
const counted = (kind: string, by = 1): void => void counts.set(kind, (counts.get(kind) ?? 0) + by);
const problems: string[] = [];
let marks = 0;

const stops = [
  "tool_use",
  "tool_use",
  "tool_use",
  "end_turn",
  "stop_sequence",
  "something_else",
  "max_tokens",
  "refusal",
  null,
  5,
];
const unfitStops: unknown[] = ["max_tokens", "refusal", null, 5];

function makeAnswer(agent: string, count: number, more: Partial<MadeAnswer> = {}): MadeAnswer {
  const isChat = chatRoles.includes(agent);
  const stop = more.fault ? "tool_use" : random.pick(isChat ? ["tool_use", "tool_use", "max_tokens"] : stops);
  const allBad = unfitStops.includes(stop) || (more.fault != null && endsRun(agent, more.fault));
  const calls = makeCalls({ random, count, first: marks, allBad });
  marks += count;
  const texts = random.chance(0.5) ? [random.pick<unknown>(["ok", "", " ", "a\0b\ud800", null, 5, "x".repeat(5_000)])] : [];
  return { fault: null, texts, calls, stop, usage: anyUsage(random), ...more };
}
const endsRun = (agent: string, fault: string): boolean => chatRoles.includes(agent) || streamFaults[fault]!.ends;
const goodEnd: MadeAnswer = { fault: null, texts: ["Done."], calls: [], stop: "end_turn", usage: undefined };

let upstream: MalformedUpstream;
let ground: MalformedGround;
beforeAll(async () => {
  const written = seededRandom(seed + 1);
  upstream = await malformedUpstream((number, turn, speaks): Written => {
    const answer = conversations[number]?.answers[turn] ?? goodEnd;
    if (speaks === "chat") {
      const whole = chatWritten(answer, written);
      return answer.fault === null ? whole : chatFaults[answer.fault]!(whole, written);
    }
    const events = messagesEvents(answer, written);
    return answer.fault === null ? stream(events) : streamFaults[answer.fault]!.write(events, written);
  });
  const log = { ...silentLogger, error: (...said: unknown[]) => void problems.push(JSON.stringify(said)) };
  ground = await malformedGround({
    modelUrl: upstream.url,
    log: { ...log, child: () => log },
    clock: systemClock,
    chatRoles,
  });
});
afterAll(async () => {
  await ground?.close();
  await upstream?.close();
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  const each = [...counts].map(([kind, count]) => `${count} ${kind}`).join(", ");
  process.stdout.write(`malformed model output (seed ${seed}): ${total} cases, ${upstream.requests} answers: ${each}\n`);
});

/** Plays the given conversations, each agent one after the other, all agents at once. */
async function play(plan: { agent: string; conversation: Conversation }[]): Promise<void> {
  await Promise.all(
    [...new Set(plan.map(({ agent }) => agent))].map(async (agent) => {
      const ready = await ground.enter(agent);
      for (const { conversation } of plan.filter((each) => each.agent === agent)) {
        const number = conversations.push(conversation) - 1;
        conversation.result = await ready.converse(`conversation ${number}`, 12);
        for (const { calls, fault } of conversation.answers) {
          if (fault !== null) counted(fault);
          for (const { kind } of fault === null ? calls : []) counted(kind);
        }
      }
      await ready.close();
    }),
  );
}

const markOf = (input: unknown): string => /(good|bad)-\w+/.exec(JSON.stringify(input))?.[0] ?? "";

/** What holds after whatever was played. */
function requireSound(): void {
  expect(upstream.refused).toEqual([]);
  expect(problems).toEqual([]);
  expect(ground.ran.filter(({ fits }) => !fits)).toEqual([]);
  expect(ground.ran.filter(({ input }) => markOf(input).startsWith("bad"))).toEqual([]);
  const ran = ground.ran.map(({ input }) => markOf(input)).filter((mark) => mark.startsWith("good"));
  const wanted = conversations.flatMap(({ answers }) => answers.flatMap(({ calls }) => calls.filter(({ isGood }) => isGood)));
  expect(ran.toSorted()).toEqual(wanted.map(({ mark }) => mark).toSorted());
  for (const { conversation, turn, results } of upstream.seen) {
    const calls = conversations[conversation]!.answers[turn]?.calls ?? [];
    const told = results.map(({ isError }) => isError);
    expect({ conversation, turn, told }).toEqual({ conversation, turn, told: calls.map(({ isGood }) => !isGood) });
    for (const { isError, text } of results) if (isError) expect(text.length).toBeGreaterThan(10);
  }
}

test("F15 calls that are malformed in any way are told to the model in its next turn, and none of them runs", async () => {
  const plan = Array.from({ length: 112 }, (_, at): { agent: string; conversation: Conversation } => {
    const agent = agents[at % agents.length]!;
    const answers = [makeAnswer(agent, 36)];
    if (agent === "cmo" && at % 5 === 0)
      answers.push({ ...goodEnd, texts: [], calls: [hugeCall((marks += 1) - 1)], stop: "tool_use" });
    return { agent, conversation: { answers: [...answers, goodEnd] } };
  });
  await play(plan);
  const failed = plan.filter(({ conversation }) => conversation.result!.outcome !== "done");
  expect(failed.map(({ agent, conversation }) => [agent, conversation.result!.error])).toEqual([]);
  requireSound();
});

test("F15 an answer that is broken in form ends its run with a report, and nothing of it is used", async () => {
  const plan = agents.flatMap((agent) => {
    const faults = chatRoles.includes(agent) ? Object.keys(chatFaults) : Object.keys(streamFaults);
    return Array.from({ length: 160 }, (_, at): { agent: string; fault: string; conversation: Conversation } => {
      const fault = faults[at % faults.length]!;
      return { agent, fault, conversation: { answers: [makeAnswer(agent, 2, { fault, texts: ["ok"] })] } };
    });
  });
  await play(plan);
  requireSound();
  for (const { agent, fault, conversation } of plan) {
    const { outcome, error } = conversation.result!;
    const isEnd = endsRun(agent, fault);
    expect({ fault, outcome, told: (error ?? "").length > 5 }).toEqual({
      fault,
      outcome: isEnd ? "failed" : "done",
      told: isEnd,
    });
  }
});

test("F15 what no client of ours would send to the tools is refused there as well, whatever it is", async () => {
  const cfo = await ground.enter("cfo");
  const nested = `${"[".repeat(10_000)}${"]".repeat(10_000)}`;
  const wrap = (params: string): string => `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":${params}}`;
  const bodies = [
    ...makeCalls({ random, count: 220, first: marks, allBad: true })
      .filter(({ kind }) => kind.startsWith("arguments that") || kind.includes("no such") || kind.includes("no text"))
      .map(({ name, text, input }) => wrap(`{"name":${JSON.stringify(name)},"arguments":${text ?? JSON.stringify(input)}}`)),
    wrap(`{"name":"save_state","arguments":{"key":["bad-raw"],"value":${nested}}}`),
    wrap(`{"name":"save_state","arguments":${nested}}`),
    wrap(nested),
    nested,
    `[${wrap('{"name":"save_state","arguments":{}}')}]`,
    "null",
    "",
    "{",
    wrap(`{"name":"save_state","arguments":{"key":5,"value":"${"x".repeat(3_000_000)}"}}`),
    wrap(`{"name":"save_state","arguments":{"key":5,"value":"${"x".repeat(5_000_000)}"}}`),
  ];
  for (const body of bodies) {
    const { status, text } = await ground.rawCall(cfo.session, body);
    counted("raw calls");
    const refused = status >= 400 || /"isError":true|"error":/.test(text);
    expect({ body: body.slice(0, 200), status, text: text.slice(0, 200), refused }).toMatchObject({ refused: true });
    expect(status).not.toBe(500);
  }
  await cfo.close();
  requireSound();
});
