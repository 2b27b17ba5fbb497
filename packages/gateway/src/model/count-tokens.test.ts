import { expect, test } from "vitest";
import { countTokens, pieces } from "./count-tokens.ts";

test("text is cut into pieces that lose nothing, with no long word in them", () => {
  for (const text of ["a".repeat(5_000), "the quick brown fox ".repeat(300), "日本語".repeat(500), `${" ".repeat(2_000)}x`, ""]) {
    const parts = [...pieces(text)];
    expect(parts.join("")).toBe(text);
    expect(Math.max(0, ...parts.map((part) => part.length))).toBeLessThanOrEqual(400);
    expect(parts.some((part) => /\S{49}/.test(part))).toBe(false);
  }
});

test("LLM10 a hundred thousand letters without a space are counted soon, and other requests get their turn meanwhile", async () => {
  let turns = 0;
  const ticking = setInterval(() => (turns += 1), 1);
  const letters = await countTokens(["a".repeat(100_000), "日本語のテキスト".repeat(5_000)]);
  clearInterval(ticking);
  expect(letters).toBeGreaterThan(10_000);
  expect(turns).toBeGreaterThan(2);
});

test("plain text is counted near the truth, and the same text again from memory", async () => {
  const text = "The council approved the budget for the spring campaign after two rounds of votes. ".repeat(200);
  const first = await countTokens([text]);
  expect(first / text.length).toBeGreaterThan(0.15);
  expect(first / text.length).toBeLessThan(0.3);
  expect(await countTokens([text])).toBe(first);
});

test("what is too long to count is taken as one token a byte", async () => {
  const text = "x ".repeat(2_100_000);
  expect(await countTokens([text])).toBe(text.length);
});
