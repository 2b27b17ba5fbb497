import { expect, test } from "vitest";
import { nextStep, setUpHint } from "./next-step.ts";

test.each([
  ["telegram", "Telegram answered 401: Unauthorized", "AITO_TELEGRAM_TOKEN"],
  ["telegram", "Telegram answered 400: Bad Request: chat not found", "AITO_TELEGRAM_CHAT"],
  ["telegram", "Telegram cannot be reached: ENOTFOUND", "AITO_TELEGRAM_URL"],
  ["email", "the mail server answered 535", "user and password"],
  ["email", "ESOCKET: connect ECONNREFUSED 127.0.0.1:25", "AITO_SMTP_URL"],
  ["webhook", "the receiver answered 401", "AITO_WEBHOOK_SECRET"],
  ["webhook", "the receiver answered 503", "its log"],
  ["webhook", "no answer within 5000 ms", "look at the settings"],
] as const)("O16 an error of %s leads to the next step: %s", (channel, error, step) => {
  expect(nextStep(channel, error)).toContain(step);
});

test("O16 a channel that is not set up names its settings", () => {
  expect(setUpHint("email")).toContain("AITO_SMTP_URL, AITO_MAIL_FROM and AITO_MAIL_TO");
});
