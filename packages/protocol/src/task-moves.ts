import type { TaskStatus, TaskView } from "./tasks.ts";

/**
 * What an operator may do with a task by moving it to another status. Everything else belongs to who works on it (`running`, `done`, `failed`
 * are told by runs and their evidence) or to a decision (`blocked`).
 *
 * - `cancel`: it has not ended. Its work is stopped, and so are the tasks below it.
 * - `again`: it ended without success. A state only goes forward: a new task with the same text is made, and the old one stays as it is.
 */
export type TaskMove = { does: "cancel" | "again" } | { does: null; why: string };

type Moved = Pick<TaskView, "status" | "decisionId" | "budgetMicroUsd">;
const no = (why: string): TaskMove => ({ does: null, why });

/** The same rule for the page that shows what may be done and for the server that does it; every pair of statuses has an answer. */
export function taskMove(task: Moved, to: TaskStatus): TaskMove {
  if (task.status === to) return no("It is there already.");
  switch (to) {
    case "cancelled":
      return hasEnded(task.status) ? no(`It has ended: it is ${task.status}.`) : { does: "cancel" };
    case "pending":
      return again(task);
    case "blocked":
      return no("Only a decision makes a task wait: propose one, or cancel the task.");
    case "running":
      return task.status === "pending"
        ? no("Its agent starts it when it wakes. Raise its priority, or start the agent.")
        : no("Only an agent's own run works on a task.");
    case "done":
      return no("A task is done when who did it hands it in with evidence.");
    case "failed":
      return no("Its run or its limits say that it failed. Cancel it to stop it.");
  }
}

export const hasEnded = (status: TaskStatus): boolean => status === "done" || status === "failed" || status === "cancelled";

function again(task: Moved): TaskMove {
  switch (task.status) {
    case "failed":
    case "cancelled":
      if (task.decisionId !== null) return no("It belongs to a decision: propose it again, so that it is decided again.");
      if (BigInt(task.budgetMicroUsd ?? "0") > 0n) return no("It had money of its own: ask for it by a proposal.");
      return { does: "again" };
    case "done":
      return no("It is done. Make a new task for what is missing.");
    case "blocked":
      return no("It waits for its decision: approve or veto that one.");
    case "running":
      return no("It is being worked on. Cancel it, and let it be tried again.");
    case "pending":
      return no("It is there already.");
  }
}
