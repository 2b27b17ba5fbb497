import { AitoError } from "@aito/base";
import type { TaskView } from "@aito/protocol";
import type { Unit } from "../company.ts";
import { createTaskIn } from "./create-task.ts";
import { openRetryOf, type TaskRow, updateTask } from "./queries.ts";

/**
 * A new task with the ended one's text, for the same or for somebody else; the old one stays as it is. The old one's row is locked. Error:
 * AITO_TASK_DUPLICATE when it is tried again already, or a task for the same finding is open.
 */
export async function tryAgainIn(
  unit: Unit,
  row: TaskRow,
  { by, ...to }: { by: string; assignTo: string | null; workerType: string | null },
): Promise<TaskView> {
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
    workerType: to.workerType,
    findingKey: row.finding_key,
    // What another kind of worker may hold is its own type's to say.
    tools: to.workerType === row.worker_type ? row.tools : null,
    taint: row.taint,
    ...(to.assignTo === null ? {} : { assignTo: to.assignTo }),
    client: row.client,
  });
  if (!made) {
    throw new AitoError("AITO_TASK_DUPLICATE", `a task for the finding "${row.finding_key}" is already open`, { status: 409 });
  }
  await updateTask(unit, made.id, { retry_of: row.id });
  await unit.event({
    type: "task.tried_again",
    source: by,
    target: to.assignTo,
    payload: { task: made.id, title: row.title, of: row.id },
  });
  return made;
}
