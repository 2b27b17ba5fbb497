import { redactText } from "@aito/base";
import { expect, test } from "vitest";
import { redactAnswer } from "./redact-stream.ts";

const secret = "sk-ant-api03-very-secret-0123456789";
const text = `Take ${secret}, it is yours 👩‍🚀.`;
const event = (type: string, more: object): string => `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`;
const delta = (index: number, more: object): string => event("content_block_delta", { index, delta: more });
const field = { text_delta: "text", input_json_delta: "partial_json", thinking_delta: "thinking" } as const;
type Kind = keyof typeof field;
const joined = (stream: string, kind: Kind, index: number): string =>
  [...stream.matchAll(/^data: (.*)$/gm)]
    .map(([, data]) => JSON.parse(data!) as { index?: number; delta?: Record<string, string> })
    .filter((each) => each.index === index && each.delta?.["type"] === kind)
    .map((each) => each.delta![field[kind]])
    .join("");

test.each(Object.keys(field) as Kind[])("Y08 a secret that a stream cuts anywhere is not kept: %s", (kind) => {
  const piece = (part: string, index = 0): string => delta(index, { type: kind, [field[kind]]: part });
  for (let first = 0; first <= text.length; first += 1) {
    for (const second of [first, Math.min(text.length, first + 3), text.length]) {
      const cut = [text.slice(0, first), text.slice(first, second), text.slice(second)];
      // Another block's pieces come in between.
      const stream = `${piece(cut[0]!)}${piece("other ", 1)}${piece(cut[1]!)}: a comment\n${piece(cut[2]!)}${piece("words", 1)}`;
      const kept = redactAnswer(stream);
      expect(joined(kept, kind, 0)).toBe(redactText(text));
      expect(joined(kept, kind, 1)).toBe("other words");
      expect(kept).not.toContain("very-secret");
      expect(kept.split("\n")).toHaveLength(stream.split("\n").length);
    }
  }
});

test("Y08 a stream without a secret, what is cut off in the middle and what is no JSON are kept as they came", () => {
  const clean = `${delta(0, { type: "text_delta", text: "Hello" })}${delta(0, { type: "signature_delta", signature: "x" })}${event("message_stop", {})}`;
  for (const answer of [
    clean,
    clean.slice(0, 40),
    clean.slice(0, -20),
    'data: {"type":"content_block_delta"',
    'data: null "content_block_delta"',
  ])
    expect(redactAnswer(answer)).toBe(answer);
  expect(redactAnswer(`{"text":"${secret}"}`)).toBe('{"text":"[redacted key]"}');
});
