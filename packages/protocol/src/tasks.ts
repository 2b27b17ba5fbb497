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
  /** It ended every container that it was given, and waits for a human's word; null: it does not. Only of one task asked for by itself. */
  quarantine: z.object({ since: Timestamp, why: z.string() }).nullable().optional(),
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

/** What an operator asks for; asked again with the same `key`, it is the same task. */
export const TaskRequest = z.strictObject({
  title: z.string().trim().min(1, "it is empty").max(255, "it has more than 255 characters"),
  description: z.string().max(20_000).default(""),
  assignTo: AgentName,
  priority: z.number().int().min(1).max(10).default(5),
  dueDate: Timestamp.nullable().default(null),
  /** A worker of this type is started for it. */
  workerType: z.string().min(1).max(60).nullable().default(null),
  /** For whom; null: for whom its assignee works. */
  client: AgentName.nullable().default(null),
  key: z.string().min(1).max(200).nullable().default(null),
});
export type TaskRequest = z.infer<typeof TaskRequest>;

export const MoveTask = z.strictObject({ to: TaskStatus });

/**
 * What a human says of a quarantined task. `retry`: the same anew. `hand_over`: the same text for somebody else, or for another kind of
 * worker (null: no worker, the assignee does it itself). `give_up`: it stays failed, and the same is refused as long as it would be.
 */
export const SettleTask = z.discriminatedUnion("how", [
  z.strictObject({ how: z.literal("retry") }),
  z.strictObject({ how: z.literal("give_up") }),
  z.strictObject({ how: z.literal("hand_over"), assignTo: AgentName, workerType: z.string().min(1).max(63).nullable() }),
]);
export type SettleTask = z.infer<typeof SettleTask>;
export const TaskPriority = z.strictObject({ priority: z.number().int().min(1).max(10) });
