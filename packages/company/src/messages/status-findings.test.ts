import { expect, test } from "vitest";
import { findings } from "./status-findings.ts";

const answer = (extra: object = {}) => ({
  status: "idle",
  metrics: { failed_tasks_24h: 0 },
  pending_tasks: [],
  blockers: [],
  ...extra,
});

test("L14 answers without blockers or failures are no finding", () => {
  expect(findings(new Map([["cmo", answer()]]), [])).toEqual([]);
});

test("L14 silence, blockers and failures are one finding each, with the agent named", () => {
  const found = findings(
    new Map([
      ["cto", answer({ blockers: ["overdue: fix the site"] })],
      ["cfo", answer({ metrics: { failed_tasks_24h: 2 } })],
    ]),
    ["cmo"],
  );
  expect(found.map(({ kind, agent }) => [kind, agent])).toEqual([
    ["silent", "cmo"],
    ["blocked", "cto"],
    ["failing", "cfo"],
  ]);
});
