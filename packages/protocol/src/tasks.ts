import { z } from "zod";
import { CheckedClaim, Mark } from "./evidence.ts";
import { ActorName, AgentName, Id, MicroUsd, Timestamp } from "./ids.ts";

/** `blocked`: waits for its decision; `pending`: may be started; `running`: a worker or agent holds it. */
export const TaskStatus = z.enum(["blocked", "pending", "running", "done", "failed", "cancelled"]);
export type TaskStatus = z.infer<typeof TaskStatus>;

export const taskPatchCharactersMax = 1_000_000;

/** What a finished task leaves behind: text that can be opened, and the receipts that back it. */
export const TaskResult = z.object({
  summary: z.string(),
  text: z.string().nullable(),
  receipts: z.array(z.string()).default([]),
  /** What was claimed of the work, with what the verifier found. */
  claims: z.array(CheckedClaim).optional(),
  /** Numbers in the summary and in the text that no verified claim backs. */
  marks: z.object({ summary: z.array(Mark), text: z.array(Mark) }).optional(),
  /** What changed in the workspace that was handed over, as a unified diff; `git apply` reads it. */
  patch: z.string().max(taskPatchCharactersMax).nullable().optional(),
});
export type TaskResult = z.infer<typeof TaskResult>;

export const TaskView = z.object({
  id: Id,
  title: z.string(),
  description: z.string(),
  status: TaskStatus,
  priority: z.number().int().min(1).max(10),
  assignedTo: AgentName.nullable(),
  createdBy: ActorName,
  workerType: z.string().nullable(),
  workerAgent: AgentName.nullable(),
  decisionId: Id.nullable(),
  parentTaskId: Id.nullable(),
  /** For whom; null: for the company itself. */
  client: AgentName.nullable().optional(),
  /** What may be spent under it; null: nothing was set aside for it. */
  budgetMicroUsd: MicroUsd.nullable().optional(),
  dueDate: Timestamp.nullable(),
  createdAt: Timestamp,
  completedAt: Timestamp.nullable(),
  result: TaskResult.nullable(),
});
export type TaskView = z.infer<typeof TaskView>;

/** A task in the tree of tasks and workers that it belongs to; `depth` 0 is the one that nothing stands above. */
export const TaskBranch = TaskView.pick({
  id: true,
  title: true,
  status: true,
  assignedTo: true,
  workerAgent: true,
  parentTaskId: true,
}).extend({
  depth: z.number().int(),
});
export type TaskBranch = z.infer<typeof TaskBranch>;

export const MoveTask = z.strictObject({ to: TaskStatus });
export const TaskPriority = z.strictObject({ priority: z.number().int().min(1).max(10) });
