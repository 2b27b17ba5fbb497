import { expect, test } from "vitest";
import { decision, event } from "../testing/samples.ts";
import { sentence } from "./sentence.ts";

const told = (type: string, payload: Record<string, unknown>, change: object = {}): string | null =>
  sentence(event({ type, payload, ...change }), { decision, escalationUrl: "http://x/e/1" });

test("D01 a decision's life reads as sentences", () => {
  const title = "Launch campaign";
  expect(told("decision.opened", { title })).toBe("cmo proposes «Launch campaign» ($5000.00, critical)");
  const input = { kind: "ballot", voter: "ceo", vote: "approve", reason: "within budget" };
  expect(told("decision.ballot", { title, input })).toBe("ceo approves «Launch campaign»: within budget");
  expect(told("decision.round_opened", { title, round: 2, phase: "analysis" })).toBe(
    "round 2 of «Launch campaign»: the council analyses",
  );
  expect(told("decision.escalated", { title, reason: "one against one" })).toContain(
    "ESCALATION waiting: «Launch campaign»: one against one",
  );
  expect(told("decision.escalated", { title, reason: "" })).toContain("http://x/e/1");
  expect(told("decision.human", { title, input: { answer: "veto", comment: "no" } })).toBe(
    "a human vetoes «Launch campaign»: no",
  );
  expect(told("decision.approved", { title, reason: "both heads approve" })).toBe(
    "APPROVED «Launch campaign»: both heads approve",
  );
});

test("a worker's finished text and a lost agent are told", () => {
  expect(told("task.done", { title: "Write", summary: "done" }, { source: "content-writer-1" })).toBe(
    "content-writer-1 finished «Write»: done",
  );
  expect(told("agent.lost", { reason: "it was killed from outside" })).toBe("ceo was lost: it was killed from outside");
});

test("an event type that nobody wrote a sentence for, or a damaged payload, is no failure", () => {
  expect(told("something.new", {})).toBeNull();
  expect(told("decision.ballot", {})).toContain("«»");
  expect(told("status.aggregated", { missingAgents: "?" })).toBe("system has the status of the company");
});
