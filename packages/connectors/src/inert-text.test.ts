import { expect, test } from "vitest";
import { inertLine } from "./inert-text.ts";
import { noticeSubject, noticeText } from "./notice-text.ts";

test.each([
  ["Pay\u202egnp.exe", "Pay[U+202E]gnp[.]exe"],
  ["zero\u200bwidth", "zero[U+200B]width"],
  ["line\r\nBcc: victim@example.org", "line Bcc: victim[@]example[.]org"],
  ["see https://evil.example/x", "see https[:]//evil[.]example/x"],
  ["www.evil.example", "www[.]evil[.]example"],
  ["evil。example", "evil[.]example"],
  ["javascript:alert(1)", "javascript[:]alert(1)"],
  ["costs $5,000.00, v1.2", "costs $5,000.00, v1.2"],
  ["1.2.3.4 and a. Sentence", "1[.]2[.]3.4 and a. Sentence"],
  ["\u0007bell", "[U+0007]bell"],
])("O16 %j becomes one line that links to nothing and hides nothing", (text, line) => {
  expect(inertLine(text, 200)).toBe(line);
});

test("O16 a long text is cut by characters, not in the middle of one", () => {
  expect(inertLine("😀".repeat(300), 10)).toBe(`${"😀".repeat(9)}…`);
});

test("O16 the only address in a notice is ours; a reminder and a rehearsal say that they are one", () => {
  const message = {
    id: "n1",
    number: 2,
    title: "Click https://evil.example now",
    facts: "$5.00 · major · proposed by cmo",
    reason: "1:1, see http://evil.example",
    ballots: [],
    url: "http://127.0.0.1:7700/e/token",
    expiresAt: "2026-11-22T10:00:00.000Z",
    rehearsal: true,
    payload: {},
  };
  expect(noticeText(message).match(/\w+:\/\/\S+/g)).toEqual(["http://127.0.0.1:7700/e/token"]);
  expect(noticeSubject(message)).toBe("[REHEARSAL] Reminder 1: Decide: Click https[:]//evil[.]example now");
});
