import type { Unit } from "../company.ts";
import type { TaskRow } from "../tasks/queries.ts";
import { insertNote } from "./queries.ts";

const receiptsShownMax = 20;

/** A comment of ours, once for each key. */
export const note = (unit: Unit, task: Pick<TaskRow, "id">, key: string, body: string): Promise<void> =>
  insertNote(unit, { taskId: task.id, key: key.slice(0, 200), body });

/** Who works on it; the lease itself is ours, and this comment only shows it. */
export const runningNote = (unit: Unit, task: TaskRow): Promise<void> => {
  const by = task.worker_name ?? task.assigned_name ?? "nobody";
  return note(unit, task, `claim:${by}:${task.attempts}`, `In progress: claimed by **${by}**.`);
};

/** How it ended, with what backs it. */
export async function endNote(unit: Unit, task: TaskRow): Promise<void> {
  const { result } = task;
  const receipts = (result?.receipts ?? []).slice(0, receiptsShownMax);
  const more = (result?.receipts.length ?? 0) - receipts.length;
  const evidence = receipts.length === 0 ? "" : `\n\nEvidence:\n${receipts.map((id) => `- receipt \`${id}\``).join("\n")}`;
  const rest = more > 0 ? `\n- and ${more} more (\`aito tasks show ${task.id}\`)` : "";
  const summary = result?.summary ? `: ${result.summary}` : "";
  await note(unit, task, `end:${task.status}`, `The task is **${task.status}**${summary}${evidence}${rest}`);
}
