import type { TaskView } from "@aito/protocol";
import { closeAlert } from "../alerts/alerts.ts";
import { isAlertOpen } from "../alerts/queries.ts";
import type { Unit } from "../company.ts";
import type { TaskRow } from "../tasks/queries.ts";

export const quarantineSubject = (taskId: string): string => `task ${taskId}`;

/** A human has said what becomes of it. False when nobody was waited for. */
export const endQuarantineAlert = (unit: Unit, taskId: string): Promise<boolean> =>
  closeAlert(unit, { kind: "quarantine", subject: quarantineSubject(taskId) });

/** Of a quarantined task of which nobody has said yet what becomes of it: since when, and why. */
export async function openQuarantine(unit: Unit, task: TaskRow): Promise<NonNullable<TaskView["quarantine"]> | null> {
  if (task.quarantined_at === null || !(await isAlertOpen(unit, "quarantine", quarantineSubject(task.id)))) return null;
  return { since: task.quarantined_at.toISOString(), why: (task.result?.summary ?? "").replace(/^quarantined: /, "") };
}
