import { AitoError } from "@aito/base";
import { taskMove, type TaskStatus, type TaskView } from "@aito/protocol";
import { type CompanyDeps, transact } from "../company.ts";
import { endTaskIn } from "./finish-task.ts";
import { updateTask } from "./queries.ts";
import { taskRow, toTaskView } from "./task-view.ts";
import { tryAgainIn } from "./try-again.ts";
import { raiseWork } from "../work/queries.ts";
import { endQuarantineAlert } from "../workers/quarantine-alert.ts";

/**
 * An operator moves a task to another status, as far as `taskMove` allows it: it is cancelled, or tried again as a new task. Answers the task
 * that it is now. Errors: AITO_TASK_UNKNOWN, AITO_TASK_MOVE (409) with the reason.
 */
export async function moveTask(deps: CompanyDeps, input: { task: string; to: TaskStatus; by: string }): Promise<TaskView> {
  return await transact(deps, async (unit) => {
    const row = await taskRow(unit, input.task, { lock: true });
    const move = taskMove(toTaskView(row), input.to);
    if (move.does === null) {
      throw new AitoError("AITO_TASK_MOVE", `«${row.title}» cannot go from ${row.status} to ${input.to}`, {
        hint: move.why,
        status: 409,
      });
    }
    if (move.does === "cancel") {
      await endTaskIn(unit, row, { status: "cancelled", result: null, by: input.by });
      return toTaskView(await taskRow(unit, row.id));
    }
    // Whoever tries it again has seen that it ended its containers.
    if (row.quarantined_at !== null) await endQuarantineAlert(unit, row.id);
    return await tryAgainIn(unit, row, { by: input.by, assignTo: row.assigned_name, workerType: row.worker_type });
  });
}

/**
 * How soon it is done: 1 to 10. What waits on an agent's desk for it moves with it. Errors: AITO_TASK_UNKNOWN, AITO_TASK_CLOSED when it has
 * ended.
 */
export async function setTaskPriority(
  deps: CompanyDeps,
  input: { task: string; priority: number; by: string },
): Promise<TaskView> {
  return await transact(deps, async (unit) => {
    const row = await taskRow(unit, input.task, { lock: true });
    if (row.completed_at !== null) throw new AitoError("AITO_TASK_CLOSED", `task ${row.id} is ${row.status}`, { status: 409 });
    if (row.priority !== input.priority) {
      await updateTask(unit, row.id, { priority: input.priority });
      await raiseWork(unit, { kind: "task", ref: row.id, priority: input.priority });
      await unit.event({
        type: "task.priority_changed",
        source: input.by,
        target: row.assigned_name,
        payload: { task: row.id, title: row.title, from: row.priority, to: input.priority },
      });
    }
    return toTaskView(await taskRow(unit, row.id));
  });
}
