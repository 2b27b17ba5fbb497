import { MessageType } from "@aito/protocol";
import { afterAll, beforeAll, expect, test } from "vitest";
import { claimRun, createTask, finishRun, listEvents, listMessages, runContext, sealEvents, sendMessage } from "../src/index.ts";
import { openCompany, report, type TestCompany } from "./open-company.ts";

let company: TestCompany;
beforeAll(async () => {
  company = await openCompany();
});
afterAll(() => company.close());

test("M01 each of the eight types carries its own payload and refuses another's", async () => {
  const { deps } = company;
  const ceo = await company.enter("ceo");
  const task = await createTask(deps, ceo, { title: "Plan the week" });
  const payloads: Record<MessageType, Record<string, unknown>> = {
    task: { task_id: task.id, title: "Plan the week" },
    status_request: { include: ["metrics", "blockers"] },
    status_response: { status: "idle", metrics: { open_tasks: 1 }, pending_tasks: [], blockers: [] },
    decision: { decision_id: task.id, title: "A plan", status: "pending", round: 1 },
    vote: { decision_id: task.id, round: 1, vote: "approve", reason: "good" },
    alert: { title: "The site is down" },
    broadcast: { text: "Good morning" },
    direct: { text: "Can we talk?" },
  };
  for (const type of MessageType.options) {
    const sent = await sendMessage(deps, ceo, { type, to: "clevel", payload: payloads[type] });
    expect(sent).toMatchObject({ type, from: "ceo", to: "clevel", payload: payloads[type], priority: "normal" });
    await expect(sendMessage(deps, ceo, { type, to: "clevel", payload: { nonsense: true } })).rejects.toMatchObject({
      code: "AITO_MESSAGE_INVALID",
    });
  }
  expect(new Set((await listMessages(deps, { limit: 20 })).map((message) => message.type))).toEqual(new Set(MessageType.options));
  const sent = await listEvents(deps, { types: ["message.sent"], limit: 20 });
  expect(sent.filter((event) => event.source === "ceo")).toHaveLength(MessageType.options.length);
});

test("L04 T08 a run is shown its last 50 actions, and an older one when its wake is about the same thing", async () => {
  const { deps, clock } = company;
  const ceo = await company.enter("ceo");
  const coo = await company.enter("coo");
  const oneRun = async (text: string, summary: string): Promise<Awaited<ReturnType<typeof runContext>>> => {
    const sent = await sendMessage(deps, ceo, { type: "direct", to: "coo", payload: { text } });
    const claimed = await claimRun(deps, coo);
    const context = await runContext(deps, coo, { run: claimed!.run.id });
    await finishRun(deps, coo, report(claimed!.run.id, { summary, acknowledged: [sent.id] }));
    clock.advance(60_000);
    return context;
  };
  await oneRun("first", "Refunded the merchandise order of a member in Lisbon");
  for (let index = 0; index < 55; index += 1) await oneRun(`chat ${index}`, `answered question ${index}`);
  const later = await oneRun("Another merchandise refund is asked for", "looked into it");
  expect(later.history).toHaveLength(50);
  expect(later.history.some((line) => line.summary.includes("Lisbon"))).toBe(false);
  expect(later.historyHits[0]).toMatchObject({ summary: "Refunded the merchandise order of a member in Lisbon" });
}, 60_000);

test("S17 what is older than a moment is sealed by the next pass", async () => {
  const { deps, clock } = company;
  clock.advance(100);
  while ((await sealEvents(deps)) > 0);
  const events = await listEvents(deps, { limit: 1_000 });
  expect(events.every((event) => event.seq !== null && /^[0-9a-f]{64}$/.test(event.hash ?? ""))).toBe(true);
  expect(new Set(events.map((event) => event.seq)).size).toBe(events.length);
});
