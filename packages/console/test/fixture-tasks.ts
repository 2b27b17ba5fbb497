import type { Records } from "../src/records.ts";
import type { All, FixtureOptions } from "./fixture-company.ts";
import { taskFamily } from "./fixture-data.ts";
import { taskDigest } from "./fixture-roles.ts";
import { found, type Note, pageOfRows } from "./fixture-rows.ts";

/** Work, and what a human changes of it. */
export const fixtureTasks = (
  all: All,
  options: FixtureOptions,
  note: Note,
): Pick<
  Records,
  "tasks" | "task" | "releaseTask" | "settleTask" | "taskDigest" | "taskFamily" | "requestTask" | "moveTask" | "setTaskPriority"
> => ({
  tasks: async (page) =>
    pageOfRows(
      all.tasks.filter((row) => (!page.status || row.status === page.status) && (!page.agent || row.assignedTo === page.agent)),
      page,
    ),
  task: async (wanted) =>
    found(
      all.tasks.find((row) => row.id === wanted),
      "TASK",
    ),
  releaseTask: () => Promise.resolve(),
  settleTask: async (wanted, settle, by) => {
    note("settleTask", wanted, settle, by);
    const task = found(
      all.tasks.find((row) => row.id === wanted),
      "TASK",
    );
    return Object.assign(task, { quarantine: null });
  },
  taskDigest: async (wanted) => taskDigest(wanted),
  taskFamily: async () => (options.empty ? [] : taskFamily()),
  requestTask: async ({ title, assignTo }, by) => {
    note("requestTask", title, by);
    return { task: { ...all.tasks[0]!, title, assignedTo: assignTo }, made: true };
  },
  moveTask: async (wanted, to, by) => {
    note("moveTask", wanted, to, by);
    const task = found(
      all.tasks.find((row) => row.id === wanted),
      "TASK",
    );
    return Object.assign(task, { status: to });
  },
  setTaskPriority: async (wanted, priority, by) => {
    note("setTaskPriority", wanted, priority, by);
    const task = found(
      all.tasks.find((row) => row.id === wanted),
      "TASK",
    );
    return Object.assign(task, { priority });
  },
});
