import { AitoError } from "@aito/base";
import { openAlert } from "../alerts/alerts.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { endTaskIn } from "../tasks/finish-task.ts";
import type { TaskRow } from "../tasks/queries.ts";
import { taskRow } from "../tasks/task-view.ts";
import { endQuarantineAlert, quarantineSubject } from "./quarantine-alert.ts";
import { clearQuarantine, markQuarantined } from "./queries.ts";

/**
 * A task that ends whatever works on it fails for good: its parent is told why by the result, the operator by an alert, and the
 * same task is refused for a day (AITO_TASK_QUARANTINED). The task's row is locked.
 */
export async function quarantineTask(unit: Unit, task: TaskRow, why: string): Promise<void> {
  await markQuarantined(unit, task.id);
  await unit.event({
    type: "task.quarantined",
    source: "system",
    target: task.assigned_name,
    payload: { task: task.id, title: task.title, workerType: task.worker_type, why },
  });
  await openAlert(unit, {
    kind: "quarantine",
    subject: quarantineSubject(task.id),
    title: `The task «${task.title}» is quarantined`,
    detail: `${why}. The same task is refused for a day. Say what becomes of it: aito tasks settle ${task.id}`,
  });
  await endTaskIn(unit, task, {
    status: "failed",
    result: { summary: `quarantined: ${why}`, text: null, receipts: [] },
    by: "system",
  });
}

/** The operator lets the same task be started again. Errors: AITO_TASK_UNKNOWN, AITO_TASK_INVALID when it is not quarantined. */
export async function releaseTask(deps: CompanyDeps, input: { task: string; by: string }): Promise<void> {
  await transact(deps, async (unit) => {
    const task = await taskRow(unit, input.task, { lock: true });
    if (!(await clearQuarantine(unit, task.id)))
      throw new AitoError("AITO_TASK_INVALID", `task ${task.id} is not quarantined`, { status: 409 });
    await endQuarantineAlert(unit, task.id);
    await unit.event({
      type: "task.unquarantined",
      source: input.by,
      target: task.assigned_name,
      payload: { task: task.id, title: task.title },
    });
  });
}
