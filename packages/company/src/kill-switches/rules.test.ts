import { expect, test } from "vitest";
import { type ActiveSwitch, covers, coveringSwitch, type Subject, subjectOf } from "./rules.ts";

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

test("S13 a worker's worker is covered by a switch on anybody above it, and by one on the client of any task above its own", () => {
  const third = subjectOf(
    { name: "analyst-1", department: "Marketing", client: null },
    { agents: ["writer-1", "cmo"], tasks: [{ tasks: ["task-3", "task-2", "task-1"], clients: ["acme"] }] },
  );
  for (const active of [
    ...["analyst-1", "writer-1", "cmo"].map((name) => on("agent", name)),
    ...["task-3", "task-2", "task-1"].map((id) => on("task", id)),
    on("client", "acme"),
  ])
    expect([active.id, covers(active, third)]).toEqual([active.id, true]);
  for (const active of [on("agent", "cto"), on("agent", ""), on("client", "globex"), on("task", "task-4")])
    expect([active.id, covers(active, third)]).toEqual([active.id, false]);
  const own = subjectOf({ name: "cmo", department: null, client: "acme" }, { agents: [], tasks: [] });
  expect([own.agents, own.clients, covers(on("agent", "analyst-1"), own)]).toEqual([["cmo"], ["acme"], false]);
});
