import { z } from "zod";
import { AgentName, Id, Timestamp } from "./ids.ts";

/** The fleet file's section `board`: where tasks are shown as GitHub issues, and what a human's doing there means. */
export const FleetBoard = z.strictObject({
  repository: z.string().regex(/^[\w.-]{1,100}\/[\w.-]{1,100}$/, 'a repository "owner/name"'),
  /** Every mirrored issue carries it; an issue that a human opens with it becomes a task. */
  label: z.string().min(1).max(40).default("aito"),
  /** Who gets a human's new issue that names nobody; the lead where nothing is said. */
  assignTo: AgentName.optional(),
  /** A human closes an issue whose task has not ended: it is opened again with the reason, or taken as the task's end. */
  closing: z.enum(["reopen", "accept"]).default("reopen"),
  /** How often GitHub is asked for changes; a webhook only makes it sooner. */
  pollSeconds: z.number().int().min(5).max(3_600).default(20),
});
export type FleetBoard = z.infer<typeof FleetBoard>;

/** An issue as the board reads it. */
export interface IssueSnapshot {
  number: number;
  title: string;
  body: string;
  labels: string[];
  open: boolean;
  /** GitHub's `state_reason`. */
  reason: string | null;
  author: string;
  /** GitHub's `author_association`. */
  association: string;
  comments: number;
  /** As GitHub writes it; two changes within a second have the same one. */
  updatedAt: string;
  closedAt: string | null;
}

/** What is to be changed in an issue; what is left out stays. */
export interface IssueWrite {
  title?: string;
  body?: string;
  labels?: string[];
  open?: boolean;
  reason?: "completed" | "not_planned";
}

export interface IssueComment {
  id: number;
  author: string;
  association: string;
  body: string;
}

export const BoardView = z.object({
  /** Null: the fleet file names no board, and nothing is mirrored. */
  repository: z.string().nullable(),
  tasks: z.number().int().describe("tasks that are shown on the board, or will be"),
  mirrored: z.number().int().describe("tasks whose issue exists"),
  waiting: z.number().int().describe("tasks with a change that GitHub does not show yet"),
  /** What could not be written, newest first. */
  problems: z.array(z.object({ task: Id, number: z.number().int().nullable(), error: z.string() })),
  syncedAt: Timestamp.nullable().describe("when GitHub was last read through to the end"),
  /** GitHub asked us to wait until then. */
  pausedUntil: Timestamp.nullable(),
  lastError: z.string().nullable(),
});
export type BoardView = z.infer<typeof BoardView>;
