import { AitoError } from "@aito/base";
import { taskMove, type TaskStatus, type TaskView } from "@aito/protocol";
import { type CompanyDeps, transact } from "../company.ts";
import { createTaskIn } from "./create-task.ts";
import { endTaskIn } from "./finish-task.ts";
import { openRetryOf, updateTask } from "./queries.ts";
import { taskRow, toTaskView } from "./task-view.ts";
import { raiseWork } from "../work/queries.ts";

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
    const again = await openRetryOf(unit, row.id);
    if (again !== null) {
      throw new AitoError("AITO_TASK_DUPLICATE", `«${row.title}» is tried again already, as task ${again}`, {
        hint: `aito tasks show ${again}`,
        status: 409,
      });
    }
    const made = await createTaskIn(unit, null, {
      title: row.title,
      description: row.description,
      priority: row.priority,
      workerType: row.worker_type,
      findingKey: row.finding_key,
      tools: row.tools,
      taint: row.taint,
      ...(row.assigned_name === null ? {} : { assignTo: row.assigned_name }),
      client: row.client,
    });
    if (!made) {
      throw new AitoError("AITO_TASK_DUPLICATE", `a task for the finding "${row.finding_key}" is already open`, { status: 409 });
    }
    await updateTask(unit, made.id, { retry_of: row.id });
    await unit.event({
      type: "task.tried_again",
      source: input.by,
      target: row.assigned_name,
      payload: { task: made.id, title: row.title, of: row.id },
    });
    return made;
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
