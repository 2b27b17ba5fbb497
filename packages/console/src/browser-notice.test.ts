import type { ChannelsView, EventView } from "@aito/protocol";
import { expect, test } from "vitest";
import { browserNotice } from "./browser-notice.ts";

const now = new Date("2026-11-21T23:30:00.000Z");
const night = { from: "22:00", to: "07:00", timeZone: "UTC" };
const channels = (rest: Partial<ChannelsView["items"][number]> = {}, general: ChannelsView["general"] = null): ChannelsView => ({
  items: [
    {
      name: "browser",
      setUp: true,
      to: null,
      tells: ["needs", "failed"],
      quietHours: null,
      quietUntil: null,
      lastSentAt: null,
      lastFailedAt: null,
      lastError: null,
      waiting: 0,
      ...rest,
    },
  ],
  general,
});
const event = (payload: Record<string, unknown>, rest: Partial<EventView> = {}): EventView => ({
  id: "01939f00-0000-7000-8000-000000000001",
  seq: "1",
  at: now.toISOString(),
  type: "alert.opened",
  source: "system",
  target: "human",
  hash: null,
  payload,
  ...rest,
});
const approval = (endsAt?: string) =>
  event({ kind: "approval", subject: "a1", title: "cmo wants to publish", detail: "needs you", ...(endsAt ? { endsAt } : {}) });
const shown = (of: EventView, view = channels(), rehearsal = false) =>
  browserNotice(of, { channels: view, company: "Shiba Classic", rehearsal, now });

test("O16 what waits is shown with its place in the console, and a rehearsal says that it is one", () => {
  expect(shown(approval(), channels(), true)).toEqual({
    tag: "aito 01939f00-0000-7000-8000-000000000001",
    title: "[REHEARSAL] Shiba Classic: cmo wants to publish",
    body: "needs you",
    path: "/inbox#a1",
  });
  const asked = event({ escalation: "e1", title: "Sponsor", reason: "one against one" }, { type: "escalation.opened" });
  expect(shown(asked)).toMatchObject({ title: "Shiba Classic: Decide: Sponsor", path: "/inbox#e1" });
});

test("O16 what the channel's rule leaves out, what is no notice, and what is old is not shown", () => {
  expect(shown(event({ kind: "budget", title: "Spent" }))).toBeNull();
  expect(shown(event({ kind: "budget", title: "Spent" }), channels({ tells: ["money"] }))).toMatchObject({ path: "/costs" });
  expect(shown(event({ kind: "never heard of", title: "Odd" }))).toMatchObject({ path: "/" });
  expect(shown(event({}, { type: "task.done" }))).toBeNull();
  expect(shown(event({ kind: "approval", title: "x" }, { at: "2026-11-21T23:00:00.000Z" }))).toBeNull();
});

test("O16 quiet hours hold it back, its own and everybody's, but not what ends by silence meanwhile", () => {
  for (const view of [channels({ quietHours: night }), channels({}, { quietHours: night, remindHours: 4 })]) {
    expect(shown(approval(), view)).toBeNull();
    expect(shown(approval("2026-11-22T08:00:00.000Z"), view)).toBeNull();
    expect(shown(approval("2026-11-22T06:00:00.000Z"), view)).not.toBeNull();
  }
});

test("S08 hidden and reordering characters are seen in it", () => {
  const notice = shown(event({ kind: "approval", title: "pay\u202Eevil\u0000", detail: "a\u200Bb" }))!;
  expect(notice.title + notice.body).toMatch(/^[\p{L}\p{P}\p{S}\p{N} ]+$/u);
});
