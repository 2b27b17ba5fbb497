import { AitoError, wellFormed } from "@aito/base";
import { type Priority, type TaskView, usdToMicro } from "@aito/protocol";
import { agentRow } from "../agents/agent-row.ts";
import { type AgentSession, fence } from "../agents/session.ts";
import type { AgentRow } from "../agents/queries.ts";
import { clientRow } from "../clients/client-row.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { checkOwnTask, payFrom, placeTaskBudget } from "../budgets/task-budget.ts";
import { currentFleet } from "../fleet/current-fleet.ts";
import { type NewMessage, sendMessageIn } from "../messages/send-message.ts";
import { checkSpawn, checkTaskRate } from "../workers/check-spawn.ts";
import { addWork } from "../work/add-work.ts";
import { insertTask, selectTask, type TaskRow } from "./queries.ts";
import { spawnWorker } from "./spawn-worker.ts";
import { taskRow, toTaskView } from "./task-view.ts";

export interface NewTask {
  title: string;
  description?: string;
  /** Who answers for it; default: who makes it. */
  assignTo?: string;
  priority?: number;
  dueDate?: Date | null;
  /** A worker type of the fleet: a worker is started for the task and works for the assignee. */
  workerType?: string | null;
  parentTaskId?: string | null;
  /** For whom; default: whom the task above is for, else the one whom its assignee works for. Error: AITO_CLIENT_UNKNOWN. */
  client?: string | null;
  decisionId?: string | null;
  /** Names a recurring finding: while a task with the same key is open, no second one is made. */
  findingKey?: string | null;
  /** The tools that its worker may hold at most; what its type is granted if left out. */
  tools?: readonly string[] | null;
  /** What may be spent under it: set by its decision, or taken from the budget of the task above (AITO_TASK_BUDGET). */
  budgetMicroUsd?: bigint | null;
  /** It carries text from outside; what an agent makes carries what its run has read. */
  taint?: string | null;
  /** Who made it where no agent did; the operator where nothing is said. */
  source?: "operator" | "system";
  /** The operator who asks, as the audit names them. */
  by?: string;
  /** `blocked` waits for its decision. */
  status?: "pending" | "blocked";
}

const priorityName = (priority: number): Priority =>
  priority >= 9 ? "urgent" : priority >= 7 ? "high" : priority <= 3 ? "low" : "normal";

/**
 * A task made by an agent, or by the operator (`by: "operator"`). What a worker makes is for workers of its own, and part of its
 * task. Errors: AITO_AGENT_UNKNOWN, AITO_AGENT_GONE (410), AITO_TASK_INVALID, AITO_WORKER_TYPE, AITO_TASK_BUDGET, and for agents AITO_TASK_RATE,
 * AITO_TASK_QUARANTINED, AITO_WORKER_{DEPTH,LIMIT,BUDGET}.
 */
export async function createTask(deps: CompanyDeps, by: AgentSession | "operator", task: NewTask): Promise<TaskView> {
  return await transact(deps, async (unit) => {
    const creator = by === "operator" ? null : await fence(unit, by);
    if (task.assignTo) await requireThere(unit, task.assignTo);
    const made = await createTaskIn(unit, creator, creator ? await checkedFor(unit, creator, task) : task);
    if (made) return made;
    throw new AitoError("AITO_TASK_DUPLICATE", `a task for the finding "${task.findingKey}" is already open`, { status: 409 });
  });
}

/** A task for who has left the fleet would wait for ever. */
async function requireThere(unit: Unit, name: string): Promise<void> {
  const { kind, desired } = await agentRow(unit, name);
  if (kind === "worker" || desired !== "gone") return;
  throw new AitoError("AITO_AGENT_GONE", `${name} has left the fleet`, {
    hint: "see who is there with: aito agents",
    status: 410,
  });
}

/** What an agent asks for, within its limits. */
async function checkedFor(unit: Unit, creator: AgentRow, asked: NewTask): Promise<NewTask> {
  const task = creator.kind === "worker" ? { ...asked, assignTo: creator.name, parentTaskId: creator.task_id } : asked;
  if (creator.kind === "worker" && !task.workerType) {
    throw new AitoError("AITO_TASK_INVALID", "a worker makes tasks for workers of its own only", { hint: "give worker_type" });
  }
  if (task.parentTaskId) await checkOwnTask(unit, creator, task.parentTaskId);
  await checkTaskRate(unit, creator);
  if (!task.workerType) return task;
  const parent = task.assignTo && task.assignTo !== creator.name ? await agentRow(unit, task.assignTo) : creator;
  const { title, description = "", workerType, budgetMicroUsd = null } = task;
  await checkSpawn(unit, parent, { ...cleanText({ title, description }), workerType, budgetMicroUsd });
  return task;
}

export const cleanText = (text: { title: string; description: string }): { title: string; description: string } => ({
  title: wellFormed(text.title).trim().slice(0, 255),
  description: wellFormed(text.description).slice(0, 20_000),
});

/** Null when a task for the same finding is open. */
export async function createTaskIn(unit: Unit, creator: AgentRow | null, task: NewTask): Promise<TaskView | null> {
  const { title, description } = cleanText({ title: task.title, description: task.description ?? "" });
  if (!title) throw new AitoError("AITO_TASK_INVALID", "a task needs a title");
  const assignee = task.assignTo ? await agentRow(unit, task.assignTo) : creator;
  if (!assignee) throw new AitoError("AITO_TASK_INVALID", "a task needs someone to do it", { hint: "give assign_to" });
  if (assignee.kind === "worker" && assignee.id !== creator?.id) {
    throw new AitoError("AITO_TASK_INVALID", `${assignee.name} is a worker: it has its one task already`, {
      hint: "assign the task to a standing agent and name a worker type",
    });
  }
  const budget = task.budgetMicroUsd ?? null;
  // A decision's own task is paid by its approval; any other amount must have been approved somewhere above.
  const payer =
    budget !== null && budget > 0n && !task.decisionId ? await payFrom(unit, task.parentTaskId ?? null, budget) : null;
  const id = unit.newId();
  const status = task.status ?? "pending";
  const inserted = await insertTask(unit, {
    id,
    title,
    description,
    assigned_to: assignee.id,
    created_by: creator?.id ?? null,
    status,
    priority: Math.min(10, Math.max(1, Math.round(task.priority ?? 5))),
    due_date: task.dueDate ?? null,
    decision_id: task.decisionId ?? null,
    parent_task_id: task.parentTaskId ?? null,
    worker_type: task.workerType ?? null,
    finding_key: task.findingKey ?? null,
    budget_micro_usd: budget,
    paid_by_task_id: payer?.id ?? null,
    client_id: await clientOf(unit, task, assignee),
    taint: task.taint ?? null,
    tools: task.workerType && task.tools ? [...task.tools] : null,
  });
  if (!inserted) return null;
  const cap = budget !== null && budget > 0n ? budget : await typesMost(unit, task.workerType ?? null);
  if (cap !== null) await placeTaskBudget(unit, id, cap);
  await unit.event({
    type: "task.created",
    source: creator?.name ?? task.by ?? task.source ?? "operator",
    target: assignee.name,
    payload: { task: id, title, status, workerType: task.workerType ?? null, decision: task.decisionId ?? null },
  });
  if (status === "pending") await startTaskIn(unit, id, creator, task.source);
  return toTaskView(await taskRow(unit, id));
}

/** What the model calls of a worker without an amount of its own may cost. */
async function typesMost(unit: Unit, workerType: string | null): Promise<bigint | null> {
  const usdMax = workerType === null ? undefined : (await currentFleet(unit)).file.workers[workerType]?.usdMax;
  return usdMax === undefined ? null : usdToMicro(usdMax);
}

async function clientOf(unit: Unit, task: NewTask, assignee: AgentRow): Promise<string | null> {
  if (task.client) return (await clientRow(unit, task.client)).id;
  const above = task.parentTaskId ? await selectTask(unit, task.parentTaskId) : null;
  return above?.client_id ?? assignee.client_id;
}

/** Puts a pending task before whoever does it: a new worker, or the assignee (with a `task` message, M06). */
export async function startTaskIn(
  unit: Unit,
  taskId: string,
  from: AgentRow | null,
  source: NonNullable<NewTask["source"]> = "operator",
): Promise<void> {
  const task = await taskRow(unit, taskId, { lock: true });
  const assignee = await agentRow(unit, task.assigned_name!);
  if (task.worker_type) return await spawnWorker(unit, task, assignee);
  if (from?.id !== assignee.id) {
    await sendMessageIn(unit, from?.name ?? source, { to: assignee.name, taint: task.taint, ...taskLetter(task) });
  }
  await addWork(unit, { agent: assignee, ...taskWork(task) });
}

/** How its assignee is told (M06). */
export const taskLetter = (
  task: Pick<TaskRow, "id" | "title" | "description" | "due_date" | "priority">,
): Pick<NewMessage, "type" | "priority" | "payload"> => ({
  type: "task",
  priority: priorityName(task.priority),
  payload: {
    task_id: task.id,
    title: task.title,
    description: task.description,
    deadline: task.due_date?.toISOString() ?? null,
    priority: priorityName(task.priority),
  },
});

/** What then stands on its assignee's desk. */
export const taskWork = (
  task: Pick<TaskRow, "id" | "title" | "priority">,
): { kind: "task"; ref: string; reason: string; priority: number; dedupKey: string } => ({
  kind: "task",
  ref: task.id,
  reason: `task: ${task.title}`,
  priority: task.priority,
  dedupKey: `task:${task.id}`,
});
