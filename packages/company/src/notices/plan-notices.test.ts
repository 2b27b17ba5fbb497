import { expect, test } from "vitest";
import { nextRound } from "./plan-notices.ts";

const at = (minutes: number): Date => new Date(Date.UTC(2026, 0, 5, 23, minutes));
const policy = { channels: ["email", "telegram"], remindMs: 30 * 60_000 };
const sent = (channel: string) =>
  ({ channel, number: 1, status: "sent", due_at: at(0), attempts: 1, created_at: at(0), sent_at: at(0) }) as const;

test("O16 what one channel's quiet hours hold back keeps no other channel from reminding", () => {
  const held = { ...sent("telegram"), status: "waiting", attempts: 0, due_at: at(480), sent_at: null } as const;
  expect(nextRound(policy, [sent("email"), held], at(29))).toBeNull();
  expect(nextRound(policy, [sent("email"), held], at(30))).toEqual({ number: 2, reminder: true });
});

test("O16 a channel that is down gets no reminder for each that it missed", () => {
  const down = { ...sent("telegram"), status: "waiting", attempts: 3, due_at: at(480), sent_at: null } as const;
  expect(nextRound(policy, [sent("email"), down], at(90))).toBeNull();
});
