import type { SeededRandom } from "../races/seeded-random.ts";

/** One tool call as a model wrote it. Its mark stands in its arguments: `good-n` must be run once, `bad-n` never. */
export interface MadeCall {
  kind: string;
  id: unknown;
  name: unknown;
  /** Arguments as JSON text, or what claims to be; null when `input` stands in the block's start. */
  text: string | null;
  input?: unknown;
  mark: string;
  isGood: boolean;
}

type Maker = (mark: string, random: SeededRandom, n: number) => Partial<MadeCall>;
const json = (value: unknown): string => JSON.stringify(value);
const good = (mark: string): object => ({ key: mark, value: { done: true } });
const nest = (depth: number): string => "[".repeat(depth) + "]".repeat(depth);
const huge = 10 * 1024 * 1024;

const badTexts = (mark: string): string[] => {
  const whole = json(good(mark));
  return [
    whole.slice(0, -1),
    whole.slice(0, Math.floor(whole.length / 2)),
    whole.replace("}", ",}"),
    whole.replaceAll('"', "'"),
    `${whole}${whole}`,
    `\`\`\`json\n${whole}\n\`\`\``,
    `{key: "${mark}", value: 1}`,
    `{"key": "${mark}", "value": NaN}`,
    `{"key": "${mark}", "value": undefined}`,
    `{"key": "${mark}", "value": "\\u12"}`,
    `{"key": "${mark}", "value": 01}`,
    `{"key": "${mark}\n", "value": 1}`,
    `<arguments>${whole}</arguments>`,
    "undefined",
    "\0",
  ];
};
const notFitting = (mark: string): [string, unknown][] => [
  ["save_state", { key: [mark], value: 1 }],
  ["save_state", { value: mark }],
  ["save_state", { key: mark }],
  ["save_state", { key: mark.padEnd(300, "x"), value: 1 }],
  ["save_state", { key: { toString: mark }, value: 1 }],
  ["record_metric", { name: mark, value: "many" }],
  ["record_metric", { name: mark, value: null }],
  ["send_message", { to: "cfo", text: [mark] }],
  ["send_message", { to: ["cfo"], text: mark }],
  ["send_message", { to: "cfo", text: mark, type: "shout" }],
  ["send_message", { to: "cfo", text: mark, answer_minutes: 1.5 }],
  ["create_task", { title: 5, text: mark }],
  ["create_task", [{ title: mark }]],
  ["cast_vote", { decision_id: mark, vote: "approve", reason: "x" }],
  ["propose_decision", { title: mark, usd: "lots" }],
  ["propose_decision", { title: mark, usd: -5 }],
  ["propose_decision", { title: mark, usd: 1e308 }],
  ["publish_text", { text: { mark } }],
  ["list_tasks", mark],
  ["show_task", { task_id: `${mark}'; drop table tasks; --` }],
];
const noNames = [
  "rm -rf /",
  "__proto__",
  "constructor",
  "SAVE_STATE",
  "save_state ",
  "",
  "x".repeat(10_000),
  "🚀",
  "a\0b",
  "\ud800",
];

/** What a call must not be: none of these may run. */
const badMakers: Record<string, Maker> = {
  "arguments that are no JSON": (mark, random) => ({ text: random.pick(badTexts(mark)) }),
  "arguments that do not fit": (mark, random) => {
    const [name, input] = random.pick(notFitting(mark));
    return { name, text: json(input) };
  },
  "no such tool": (mark, random) => ({ name: random.pick(noNames), text: json(good(mark)) }),
  "a name that is no text": (mark, random) => ({
    name: random.pick([null, 5, {}, ["save_state"], true]),
    text: json(good(mark)),
  }),
  "arguments that are no object": (mark, random) => {
    const input = random.pick<unknown>([[good(mark)], json(good(mark)), mark, 5, true, null]);
    return random.chance(0.5) ? { text: null, input } : { text: json(input) };
  },
  "no arguments at all": () => ({ text: null, input: undefined }),
  "deep JSON": (mark) => ({ text: `{"key":"${mark}","value":${nest(10_000)}}` }),
  "a giant number": (mark, random) => ({
    text: `{"key":"${mark}","value":${random.pick(["1e999", "-1e400", '[1,{"a":1e309}]'])}}`,
  }),
  "a key that is a trap": (mark, random) => ({
    text: random.pick([
      `{"__proto__":{"key":"${mark}","value":1}}`,
      `{"constructor":{"prototype":{"key":"${mark}"}},"value":1}`,
      `{"key":{"__proto__":null},"value":"${mark}"}`,
    ]),
  }),
  "long arguments": (mark, random) => ({ text: json({ key: mark, value: "x".repeat(260_000 + random.below(100_000)) }) }),
};

/** What is odd in form only: it runs, once, with text that every store takes. */
const goodMakers: Record<string, Maker> = {
  sound: () => ({}),
  "an id that is none": (_mark, random) => ({
    id: random.pick([null, "", 5, {}, "two words", "x".repeat(500), "a\0b", "\ud800"]),
  }),
  "an id of an earlier answer": () => ({ id: "toolu_again" }),
  "text that no store takes": (mark) => ({ text: `{"key":"${mark}","value":"a\\u0000b \\ud800 \\udc00\\ud800"}` }),
  "a key twice": (mark) => ({ text: `{"key":"bad-twice","key":"${mark}","value":1}` }),
  "more than was asked": (mark) => ({ text: json({ ...good(mark), agent: "ceo", epoch: 99, extra: [null] }) }),
  "a precise number": (mark) => ({ text: `{"key":"${mark}","value":123456789012345678901234567890.5}` }),
};

/** Calls of one answer. With `allBad` none of them may run, whatever it looks like. */
export function makeCalls(options: { random: SeededRandom; count: number; first: number; allBad: boolean }): MadeCall[] {
  const { random, count, first, allBad } = options;
  const calls: MadeCall[] = [];
  let usedAgain = false;
  for (let n = first; n < first + count; n += 1) {
    const previous = calls.at(-1);
    if (typeof previous?.id === "string" && /^toolu_\w+$/.test(previous.id) && random.chance(0.08)) {
      const mark = `bad-${n}`;
      calls.push({ kind: "an id twice", id: previous.id, name: "save_state", text: json(good(mark)), mark, isGood: false });
      continue;
    }
    const sound = random.chance(0.3);
    let [kind, maker] = random.pick(Object.entries(sound ? goodMakers : badMakers));
    if (kind === "an id of an earlier answer") {
      if (usedAgain) [kind, maker] = ["sound", goodMakers["sound"]!];
      usedAgain = true;
    }
    const isGood = sound && !allBad;
    const mark = `${isGood ? "good" : "bad"}-${n}`;
    const base = { kind, id: `toolu_${n}`, name: "save_state", text: json(good(mark)), mark, isGood };
    calls.push({ ...base, ...maker(mark, random, n) });
  }
  return calls;
}

/** A call of ten megabytes: few, for each is held in several places at once. */
export const hugeCall = (n: number): MadeCall => ({
  kind: "ten megabytes",
  id: `toolu_${n}`,
  name: "save_state",
  text: json({ key: `bad-${n}`, value: "x".repeat(huge) }),
  mark: `bad-${n}`,
  isGood: false,
});
