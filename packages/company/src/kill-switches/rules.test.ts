import { expect, test } from "vitest";
import { type ActiveSwitch, covers, coveringSwitch, type Subject } from "./rules.ts";

const on = (scope: ActiveSwitch["scope"], target = ""): ActiveSwitch => ({
  id: `${scope}-${target}`,
  scope,
  target,
  reason: "test",
  pressedBy: "operator",
  pressedAt: new Date(0),
});
const worker: Subject = {
  agents: ["writer-1", "cmo"],
  department: "Marketing",
  clients: ["acme"],
  tasks: ["task-2", "task-1"],
};
const other: Subject = { agents: ["cto"], department: null, clients: [], tasks: [] };

test("S13 S14 each scope covers what is in it and nothing else", () => {
  const cases: [ActiveSwitch, boolean, boolean][] = [
    [on("company"), true, true],
    [on("client", "acme"), true, false],
    [on("client", "globex"), false, false],
    [on("department", "marketing "), true, false],
    [on("department", "Sales"), false, false],
    [on("agent", "writer-1"), true, false],
    [on("agent", "cmo"), true, false],
    [on("agent", "cto"), false, true],
    [on("task", "task-2"), true, false],
    [on("task", "task-1"), true, false],
    [on("task", "task-3"), false, false],
  ];
  for (const [active, first, second] of cases) {
    expect([active.id, covers(active, worker), covers(active, other)]).toEqual([active.id, first, second]);
  }
});

test("S13 of several switches the widest is named, and none of none", () => {
  const all = [on("task", "task-1"), on("agent", "cmo"), on("department", "Marketing"), on("client", "acme"), on("company")];
  for (let left = all.length; left > 0; left -= 1) {
    expect(coveringSwitch(all.slice(0, left), worker)?.id).toBe(all[left - 1]!.id);
  }
  expect(coveringSwitch([], worker)).toBeNull();
  expect(coveringSwitch([on("client", "globex")], other)).toBeNull();
});
