import { AitoError } from "@aito/base";
import type { Tx } from "@aito/db";
import type { TaskBranch, TaskStatus, TaskView } from "@aito/protocol";
import { claimsOfTask } from "../claims/list-claims.ts";
import { type CompanyDeps, transact } from "../company.ts";
import { openQuarantine } from "../workers/quarantine-alert.ts";
import { selectTask, selectTaskFamily, selectTasks, type TaskRow } from "./queries.ts";

export const toTaskView = (row: TaskRow): TaskView => ({
  id: row.id,
  title: row.title,
  description: row.description,
  status: row.status,
  priority: row.priority,
  assignedTo: row.assigned_name,
  createdBy: row.created_name ?? "operator",
  workerType: row.worker_type,
  workerAgent: row.worker_name,
  decisionId: row.decision_id,
  parentTaskId: row.parent_task_id,
  client: row.client,
  budgetMicroUsd: row.budget_micro_usd?.toString() ?? null,
  dueDate: row.due_date?.toISOString() ?? null,
  createdAt: row.created_at.toISOString(),
  completedAt: row.completed_at?.toISOString() ?? null,
  result: row.result
    ? {
        summary: row.result.summary,
        text: row.result.text,
        receipts: row.result.receipts,
        patch: row.result.patch ?? null,
        ...(row.result.claims ? { claims: row.result.claims } : {}),
        ...(row.result.marks ? { marks: row.result.marks } : {}),
      }
    : null,
});

/** Throws AITO_TASK_UNKNOWN. */
export async function taskRow(tx: Tx, id: string, options: { lock?: boolean } = {}): Promise<TaskRow> {
  const row = await selectTask(tx, id, options.lock);
  if (row) return row;
  throw new AitoError("AITO_TASK_UNKNOWN", `there is no task with id ${id}`, {
    hint: "see the ids with: aito tasks",
    status: 404,
  });
}

export async function taskView(deps: CompanyDeps, id: string): Promise<TaskView> {
  return await transact(deps, async (unit) => {
    const row = await taskRow(unit, id);
    const view = { ...toTaskView(row), quarantine: await openQuarantine(unit, row) };
    if (!view.result?.claims?.length) return view;
    // Another agent's may contradict one since it was handed in.
    const now = new Map((await claimsOfTask(unit, id)).map((claim) => [claim.id, claim]));
    return { ...view, result: { ...view.result, claims: view.result.claims.map((claim) => now.get(claim.id) ?? claim) } };
  });
}

/** Newest first; `before` is the id of the last one already seen. */
export async function listTasks(
  deps: CompanyDeps,
  filter: { status?: TaskStatus[] | undefined; agent?: string | undefined; limit?: number; before?: string | undefined } = {},
): Promise<TaskView[]> {
  const limit = Math.min(filter.limit ?? 100, 500);
  const rows = await transact(deps, (unit) => selectTasks(unit, { ...filter, limit }));
  return rows.map(toTaskView);
}

/** Above this a tree is cut. */
const familyMax = 200;

/** The tree of tasks that this one is part of, parents before children. Throws AITO_TASK_UNKNOWN. */
export async function taskFamily(deps: CompanyDeps, id: string): Promise<TaskBranch[]> {
  const rows = await transact(deps, async (unit) => {
    await taskRow(unit, id);
    return await selectTaskFamily(unit, id, familyMax);
  });
  return rows.map((row) => {
    const { title, status, assignedTo, workerAgent, parentTaskId } = toTaskView(row);
    return { id: row.id, depth: row.depth, title, status, assignedTo, workerAgent, parentTaskId };
  });
}
