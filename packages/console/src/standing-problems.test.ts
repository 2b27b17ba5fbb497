import type { AgentView, FleetStatus } from "@aito/protocol";
import { expect, test } from "vitest";
import { standingProblems } from "./standing-problems.ts";

const openedAt = "2026-11-22T04:00:00.000Z";
const task = "01939f00-0000-7000-8000-000000000303";
const alert = (kind: string, subject: string) => ({ kind, subject, title: `${kind} of ${subject}`, openedAt });
const agent = (name: string, status: AgentView["status"]): AgentView => ({ name, status, statusReason: "it fell" }) as AgentView;
const problems = (alerts: FleetStatus["alerts"], agents: AgentView[] = []) => standingProblems({ agents, alerts });

test("S13 a call and a tool's words that wait for an answer are no problems of the company's health", () => {
  expect(
    problems([alert("approval", task), alert("tool", "mail__send")], [agent("cmo", "active"), agent("cto", "starting")]),
  ).toEqual([]);
  expect(standingProblems({ agents: [] })).toEqual([]);
});

test.each([
  ["quarantine", `task ${task}`, { page: "task", id: task }],
  ["quarantine", "cmo", { page: "agent", name: "cmo" }],
  ["bus", "cmo", { page: "agent", name: "cmo" }],
  ["budget", "company", { page: "costs" }],
  ["anomaly", "cmo cost", { page: "costs" }],
  ["breaker", "mail", { page: "tools" }],
  ["work", "cmo", { page: "agent", name: "cmo" }],
  ["heads_lost", "lead", { page: "fleet" }],
  ["something new", "x", { page: "fleet" }],
])("an alert of %s about %s is named and leads to where it is mended", (kind, subject, at) => {
  expect(problems([alert(kind, subject)])).toMatchObject([{ title: `${kind} of ${subject}`, since: openedAt, at }]);
});

test("an agent that does not run is one problem, with its alert or without one", () => {
  expect(problems([alert("quarantine", "cmo")], [agent("cmo", "error")])).toHaveLength(1);
  expect(problems([], [agent("cmo", "error"), agent("ceo", "active")])).toMatchObject([
    { title: "cmo does not run", detail: "it fell", at: { page: "agent", name: "cmo" } },
  ]);
});
