import { z } from "zod";
import { ReleasedTool } from "./autonomy.ts";
import { ActorName, AgentName, Id, MicroUsd, Timestamp } from "./ids.ts";

export const DecisionType = z.enum(["minor", "major", "critical"]);
export type DecisionType = z.infer<typeof DecisionType>;

export const DecisionStatus = z.enum(["pending", "approved", "vetoed", "escalated", "withdrawn", "overridden"]);
export type DecisionStatus = z.infer<typeof DecisionStatus>;

export const Vote = z.enum(["approve", "veto", "abstain"]);
export type Vote = z.infer<typeof Vote>;

/** A ballot as recorded: what was cast, or that nothing was by the deadline. */
export const RecordedVote = z.enum(["approve", "veto", "abstain", "no_answer"]);
export type RecordedVote = z.infer<typeof RecordedVote>;

/** `heads`: the heads vote; `analysis`: the council analyses and leans; `final`: three ballots. */
export const DecisionPhase = z.enum(["heads", "analysis", "final"]);
export type DecisionPhase = z.infer<typeof DecisionPhase>;

/** Work that waits for the decision and is released by its approval. */
export const AttachedTask = z.object({
  title: z.string().min(1).max(255),
  description: z.string().max(20_000).default(""),
  /** A worker type of the fleet file; without it the proposer does the task itself. */
  workerType: z.string().nullable().default(null),
  /** What the work is expected to cost; never above the decision's own amount. */
  usd: z.number().nonnegative().max(1e9).optional(),
});
export type AttachedTask = z.infer<typeof AttachedTask>;

/** The dangerous call that an approval releases, in an autonomous role. */
export const AttachedAction = z.strictObject({
  tool: ReleasedTool,
  /** The call's exact arguments; without them the tool is released, not one call of it. */
  arguments: z.record(z.string(), z.json()).nullable().default(null),
  /** What all its runs may cost together. */
  usd: z.number().nonnegative().max(1e9).default(0),
  timesMax: z.number().int().min(1).max(100).default(1),
});
export type AttachedAction = z.infer<typeof AttachedAction>;

/** What an agent or operator hands in. Money is declared in dollars at the edge and micro-dollars inside. */
export const Proposal = z.strictObject({
  title: z.string().trim().min(1).max(255),
  description: z.string().max(20_000).default(""),
  type: DecisionType.default("minor"),
  /** One of the profile's listed kinds; unlisted or missing counts as major (never lowered by it). */
  kind: z.string().max(255).nullable().default(null),
  usd: z.number().nonnegative().max(1e9).default(0),
  task: AttachedTask.nullable().default(null),
  action: AttachedAction.nullable().optional(),
  /** The task whose budget the amount is taken from. A worker's is its own task. */
  underTask: Id.nullable().optional(),
  /** Short deadlines; for heads, triggers and the operator. */
  emergency: z.boolean().optional(),
  validUntil: Timestamp.nullable().default(null),
});
export type Proposal = z.infer<typeof Proposal>;

export const VoteView = z.object({
  voter: AgentName,
  vote: RecordedVote,
  reason: z.string(),
  castAt: Timestamp.nullable(),
});
export const RoundView = z.object({
  round: z.number().int().min(1),
  phase: DecisionPhase,
  votes: z.array(VoteView),
});
export const DecisionView = z.object({
  id: Id,
  title: z.string(),
  description: z.string(),
  type: DecisionType,
  declaredType: DecisionType,
  /** Why the type is what it is, e.g. "raised to critical: $5000.00 is above the $1000.00 limit". */
  typeReason: z.string().nullable(),
  status: DecisionStatus,
  proposedBy: ActorName,
  amountMicroUsd: MicroUsd,
  round: z.number().int(),
  phase: DecisionPhase.nullable(),
  deadlineAt: Timestamp.nullable(),
  rounds: z.array(RoundView),
  humanDecision: z.string().nullable(),
  humanComment: z.string().nullable(),
  outcomeReason: z.string().nullable(),
  taskId: Id.nullable(),
  kind: z.string().nullable().optional(),
  emergency: z.boolean().optional(),
  /** What the heads told each other before round 1 closed, in order. */
  exchange: z.array(z.object({ by: AgentName, turn: z.number().int(), text: z.string(), at: Timestamp })).optional(),
  /** The dangerous call that an approval releases. */
  action: z
    .object({
      tool: z.string(),
      arguments: z.record(z.string(), z.unknown()).nullable(),
      amountMicroUsd: MicroUsd,
      timesMax: z.number().int(),
    })
    .nullable()
    .optional(),
  createdAt: Timestamp,
  resolvedAt: Timestamp.nullable(),
  /** What its model calls cost so far; null when that is not known. */
  modelCostMicroUsd: MicroUsd.nullable().optional(),
});
export type DecisionView = z.infer<typeof DecisionView>;

export const EscalationStatus = z.enum(["waiting", "answered", "closed"]);
export type EscalationStatus = z.infer<typeof EscalationStatus>;
export const EscalationView = z.object({
  id: Id,
  decisionId: Id,
  title: z.string(),
  reason: z.string(),
  /** A working single-use link; null once it is answered or closed. */
  url: z.string().nullable(),
  expiresAt: Timestamp.nullable(),
  status: EscalationStatus,
  answer: z.string().nullable(),
  createdAt: Timestamp,
});
export type EscalationView = z.infer<typeof EscalationView>;

/** One notice of an escalation by one channel: number 1 is the first, each further one a reminder. */
export const NoticeView = z.object({
  id: Id,
  channel: z.string(),
  number: z.number().int().min(1),
  /** `unknown`: the sender died or heard no answer in between, so that it may have arrived; it is not sent again. */
  status: z.enum(["waiting", "sending", "sent", "failed", "unknown", "dropped"]),
  dueAt: Timestamp,
  attempts: z.number().int(),
  lastError: z.string().nullable(),
  sentAt: Timestamp.nullable(),
});
export type NoticeView = z.infer<typeof NoticeView>;

/** A signed record of the gateway behind something that waits, its result cut short. */
export const ReceiptBehind = z.object({
  id: Id,
  agent: z.string(),
  tool: z.string(),
  ok: z.boolean(),
  at: Timestamp,
  result: z.string(),
});
export type ReceiptBehind = z.infer<typeof ReceiptBehind>;

/** What a human can judge a waiting decision by, from records only. */
export const DecisionGrounds = z.object({
  /** The work that an approval releases. */
  attachedTask: AttachedTask.nullable(),
  /** The stored action as it will run, as readable JSON. */
  attachedAction: z.string().nullable(),
  /** What is left of the month's budget before this decision. */
  budgetLeftMicroUsd: MicroUsd,
  /** Where text from outside came from that the proposer, or who argued, had read; null: none. */
  taint: z.string().nullable(),
  /** What the proposing run had done before it proposed, oldest first. */
  receipts: z.array(ReceiptBehind),
});
export type DecisionGrounds = z.infer<typeof DecisionGrounds>;

export const EscalationDetail = EscalationView.extend({
  decision: DecisionView,
  grounds: DecisionGrounds,
  comment: z.string().nullable(),
  answeredBy: z.string().nullable(),
  answeredAt: Timestamp.nullable(),
  notices: z.array(NoticeView),
});
export type EscalationDetail = z.infer<typeof EscalationDetail>;

/** What the form posts and `aito resolve` sends. */
export const HumanAnswer = z.object({
  decision: z.enum(["approve", "veto", "send_back"]),
  comment: z.string().max(4_000).default(""),
});
export type HumanAnswer = z.infer<typeof HumanAnswer>;

export const OverrideRequest = z.strictObject({ reason: z.string().trim().min(1).max(4_000) });
export type OverrideRequest = z.infer<typeof OverrideRequest>;

/** What an override found: work that it stopped, and what had been done already, with how to undo it (null: it cannot be). */
export const OverrideReport = z.object({
  decision: DecisionView,
  stopped: z.array(z.object({ task: Id, title: z.string() })),
  ran: z.array(z.object({ what: z.string(), at: Timestamp, undo: z.string().nullable() })),
});
export type OverrideReport = z.infer<typeof OverrideReport>;
