import { FleetNotices, NoticeKind } from "@aito/protocol";
import { expect, test } from "vitest";
import { noticeDue, noticeKindOf, tells } from "./notice-rules.ts";

const rules = FleetNotices.parse({
  channels: {
    telegram: { tells: ["needs", "digest"], quietHours: { from: "22:00", to: "07:00", timeZone: "Europe/Berlin" } },
    email: { tells: ["money", "briefing"] },
  },
});
const night = new Date("2026-11-21T22:30:00Z");
const day = new Date("2026-11-21T12:00:00Z");

test("J06 each channel tells its own kinds, and one without a rule tells everything", () => {
  const told = (channel: string) => NoticeKind.options.filter((kind) => tells(rules, channel, kind));
  expect(told("telegram")).toEqual(["needs", "digest"]);
  expect(told("email")).toEqual(["money", "briefing"]);
  expect(told("webhook")).toEqual(NoticeKind.options);
  expect(NoticeKind.options.every((kind) => tells(undefined, "telegram", kind))).toBe(true);
});

test("O16 a channel's quiet hours hold back what can wait, and never what would end by silence meanwhile", () => {
  const due = (channel: string, endsAt: Date | null, now: Date) => noticeDue(rules, { channel, kind: "needs", endsAt }, now);
  expect(due("telegram", null, night)).toEqual(new Date("2026-11-22T06:00:00Z"));
  expect(due("telegram", new Date("2026-11-22T02:00:00Z"), night)).toBeNull();
  expect(due("telegram", null, day)).toBeNull();
  expect(due("webhook", null, night)).toBeNull();
  expect(due("email", null, day)).toBeUndefined();
});

test("O16 every alert has a kind; a new one is something that failed", () => {
  expect(
    ["approval", "tool", "budget", "anomaly", "briefing", "synthesis", "digest", "quarantine", "heads_lost"].map(noticeKindOf),
  ).toEqual(["needs", "needs", "money", "money", "briefing", "briefing", "digest", "failed", "failed"]);
});
