import { AitoError } from "@aito/base";
import { microToUsd } from "@aito/protocol";
import type { AgentRow } from "../agents/queries.ts";
import type { Unit } from "../company.ts";
import type { TaskRow } from "../tasks/queries.ts";
import { taskRow } from "../tasks/task-view.ts";
import { placeBudget, selectPayer, sumPromised, sumTaskWindow } from "./queries.ts";

/** Like `payIfBudgeted`, but throws AITO_TASK_BUDGET, too, when no task upwards has a budget. */
export async function payFrom(unit: Unit, taskId: string | null, amountMicroUsd: bigint): Promise<TaskRow> {
  const payer = taskId && (await payIfBudgeted(unit, taskId, amountMicroUsd));
  if (payer) return payer;
  throw new AitoError("AITO_TASK_BUDGET", `nothing has been approved that could pay $${microToUsd(amountMicroUsd)} here`, {
    hint: "propose the amount first with propose_decision",
    status: 403,
  });
}

/**
 * Checks an amount against the budget of the nearest task upwards that has one, which is locked: two at once would each overlook
 * the other. Null where none has. The caller stores the task's id as payer. Throws AITO_TASK_BUDGET when too little is left.
 */
export async function payIfBudgeted(unit: Unit, taskId: string, amountMicroUsd: bigint): Promise<TaskRow | null> {
  const payerId = await selectPayer(unit, taskId);
  if (!payerId) return null;
  const payer = await taskRow(unit, payerId, { lock: true });
  // Model calls take of the same amount; the window is locked before the rest is summed.
  const taken = await sumTaskWindow(unit, payer.id);
  const left = payer.budget_micro_usd! - taken - (await sumPromised(unit, payer.id));
  if (amountMicroUsd > left) {
    throw new AitoError(
      "AITO_TASK_BUDGET",
      `$${microToUsd(amountMicroUsd)} is more than the $${microToUsd(left)} left of the $${microToUsd(payer.budget_micro_usd!)} approved for task ${payer.id}`,
      { hint: "propose the rest as a decision of its own", status: 403 },
    );
  }
  return payer;
}

/**
 * Locks the task: what is made under it is made before it ends, so that an override stops it, or not at all. Throws
 * AITO_TASK_NOT_YOURS or AITO_TASK_CLOSED: only who holds an open task may act under it.
 */
export async function checkOwnTask(unit: Unit, agent: AgentRow, taskId: string): Promise<TaskRow> {
  const task = await taskRow(unit, taskId, { lock: true });
  if (task.assigned_to !== agent.id && task.worker_agent_id !== agent.id) {
    throw new AitoError("AITO_TASK_NOT_YOURS", `task ${task.id} is not ${agent.name}'s`, { status: 403 });
  }
  if (task.status !== "pending" && task.status !== "running") {
    throw new AitoError("AITO_TASK_CLOSED", `task ${task.id} is ${task.status}`, { status: 409 });
  }
  return task;
}

/** The task's amount holds the model calls of the task and of those below it, too. */
export async function placeTaskBudget(unit: Unit, taskId: string, amountMicroUsd: bigint): Promise<void> {
  const budget = { scope: "task", target: taskId, period: "total", source: "task", softPercent: 80, timeZone: "UTC" } as const;
  await placeBudget(unit, { id: taskId, capMicroUsd: amountMicroUsd, ...budget });
}
