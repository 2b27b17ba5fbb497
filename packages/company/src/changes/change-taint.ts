import type { Tx } from "@aito/db";
import { selectApproval } from "../approvals/queries.ts";
import type { Unit } from "../company.ts";
import { selectTaintOf } from "../grants/queries.ts";
import { taintOf } from "../grants/taint.ts";
import { taintTask } from "../tasks/queries.ts";
import type { ChangeRow } from "./queries.ts";

/**
 * What the words of an agent carry that it puts to a change now: what its run has read. A call that a human approved is in the words of
 * the run that asked; that it may be done does not make them the company's.
 */
export const taintOfWords = (tx: Tx, by: { agentId: string; approval: string | null }): Promise<string | null> =>
  by.approval === null ? taintOf(tx, by.agentId) : taintBehind(tx, by.approval);

/** An agent has put words to a change: what they carry goes with the change's task from here on. */
export async function taintChange(unit: Unit, change: Pick<ChangeRow, "task_id">, taint: string | null): Promise<void> {
  if (taint !== null) await taintTask(unit, change.task_id, { taint });
}

async function taintBehind(tx: Tx, approvalId: string): Promise<string | null> {
  const row = await selectApproval(tx, approvalId);
  if (!row) return null;
  const read = row.run_id === null ? null : await selectTaintOf(tx, "runs", [row.run_id]);
  return read ?? (row.rule === "taint" ? `approval ${row.id}` : null);
}

/** What whoever is told of a change, or shown it, reads. */
export const taintOfChange = (unit: Unit, change: Pick<ChangeRow, "task_id">): Promise<string | null> =>
  selectTaintOf(unit, "tasks", [change.task_id]);
