import { selectApproval } from "../approvals/queries.ts";
import type { Unit } from "../company.ts";
import { selectTaintOf } from "../grants/queries.ts";
import { taintOf } from "../grants/taint.ts";
import { taintTask } from "../tasks/queries.ts";
import type { ChangeRow } from "./queries.ts";

/**
 * An agent has put words of its own to a change: what its run had read goes with the change's task from here on. A call that a human
 * approved is in the words of the run that asked; that it may be done does not make them the company's.
 */
export async function taintChange(
  unit: Unit,
  change: Pick<ChangeRow, "task_id">,
  by: { agentId: string; approval: string | null },
): Promise<void> {
  const taint = by.approval === null ? await taintOf(unit, by.agentId) : await taintBehind(unit, by.approval);
  if (taint !== null) await taintTask(unit, change.task_id, { taint });
}

async function taintBehind(unit: Unit, approvalId: string): Promise<string | null> {
  const row = await selectApproval(unit, approvalId);
  if (!row) return null;
  const read = row.run_id === null ? null : await selectTaintOf(unit, "runs", [row.run_id]);
  return read ?? (row.rule === "taint" ? `approval ${row.id}` : null);
}

/** What whoever is told of a change, or shown it, reads. */
export const taintOfChange = (unit: Unit, change: Pick<ChangeRow, "task_id">): Promise<string | null> =>
  selectTaintOf(unit, "tasks", [change.task_id]);
