import { expect, test } from "vitest";
import { AgentMessage, messagePayloads, MessageType, Recipient } from "./messages.ts";

const id = "01a1fc50-ed0d-7108-b504-c5631d3ea942";

/** One whole payload of each type; a type without one fails the first test. */
const payloads: Record<MessageType, Record<string, unknown>> = {
  task: { task_id: id, title: "Write", description: "A post", deadline: "2026-03-02T09:00:00.000Z", priority: "high" },
  status_request: { include: ["metrics", "pending_tasks", "blockers"], query_id: id },
  status_response: {
    query_id: id,
    status: "active",
    metrics: { posts: 3 },
    pending_tasks: [{ id, title: "Write", status: "pending", due: null }],
    blockers: ["none"],
  },
  decision: { decision_id: id, title: "Sponsor", status: "pending", round: 1, phase: "heads", reason: "r" },
  vote: { decision_id: id, round: 1, vote: "approve", reason: "fits" },
  alert: { title: "Budget", detail: "low" },
  broadcast: { text: "Hello" },
  direct: { text: "Hello", goal: true },
};

test.each(MessageType.options)("M01 a %s message takes its whole payload and refuses a key that it does not know", (type) => {
  expect(messagePayloads[type].parse(payloads[type])).toEqual(payloads[type]);
  expect(messagePayloads[type].safeParse({ ...payloads[type], extra: 1 }).success).toBe(false);
  expect(messagePayloads[type].safeParse({}).success).toBe(false);
});

test("M02 a message goes to an agent's name or to one of three groups", () => {
  for (const to of ["all", "head", "clevel", "cmo", "content-writer-3f2a"]) expect(Recipient.safeParse(to).success).toBe(true);
  for (const to of ["", "CMO", "a b", "a--b", "-a", "cmo;drop", "*", "x".repeat(61)])
    expect(Recipient.safeParse(to).success).toBe(false);
});

test("M01 an envelope needs every field of the seed", () => {
  const message = {
    id,
    type: "direct",
    from: "ceo",
    to: "cmo",
    payload: payloads.direct,
    priority: "normal",
    timestamp: "2026-03-02T09:00:00.000Z",
    requires_response: false,
    response_deadline: null,
    in_reply_to: null,
  };
  expect(AgentMessage.parse(message)).toEqual(message);
  for (const key of Object.keys(message)) {
    const { [key as keyof typeof message]: _, ...rest } = message;
    expect(AgentMessage.safeParse(rest).success).toBe(false);
  }
});
