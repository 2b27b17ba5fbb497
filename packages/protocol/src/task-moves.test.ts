import { expect, test } from "vitest";
import { taskMove } from "./task-moves.ts";
import { TaskStatus } from "./tasks.ts";

const all = TaskStatus.options;
const task = (status: TaskStatus, more: object = {}) => ({
  status,
  decisionId: null,
  budgetMicroUsd: null,
  ...more,
});

test("C03 every pair of statuses is a move that an operator may make, or says why not", () => {
  const may: string[] = [];
  for (const from of all) {
    for (const to of all) {
      const move = taskMove(task(from), to);
      if (move.does === null) expect(move.why, `${from} to ${to}`).toMatch(/^[A-Z].{10,}\.$/);
      else may.push(`${from} ${move.does} ${to}`);
    }
  }
  expect(may).toEqual([
    "blocked cancel cancelled",
    "pending cancel cancelled",
    "running cancel cancelled",
    "failed again pending",
    "cancelled again pending",
  ]);
});

test("C03 what was decided or paid for is not done again by a move", () => {
  for (const status of ["failed", "cancelled"] as const) {
    expect(taskMove(task(status, { decisionId: "01939f00-0000-7000-8000-000000000105" }), "pending")).toMatchObject({
      does: null,
    });
    expect(taskMove(task(status, { budgetMicroUsd: "1" }), "pending")).toMatchObject({ does: null });
  }
});
