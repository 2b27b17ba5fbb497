import { z } from "zod";
import { ReceiptBehind } from "./decisions.ts";
import { Id, MicroUsd, Timestamp } from "./ids.ts";

/** What a tool shows of the world, or to it. `web`: text that somebody outside the company wrote. */
export const DataClass = z.enum(["public", "internal", "personal", "payment", "web"]);
export type DataClass = z.infer<typeof DataClass>;

export const ToolRisk = z.enum(["read", "write", "dangerous"]);
export type ToolRisk = z.infer<typeof ToolRisk>;

/** A tool's name, or a data class: every tool of it. */
export const GrantList = z.array(z.string().min(1).max(100)).max(200);
export type GrantList = z.infer<typeof GrantList>;

/** What a role holds where its fleet file names nothing: text from outside and other people's data are only had by name. */
export const usualGrant: GrantList = ["public", "internal"];

/** Data that must never meet text from outside in one role. */
export const shieldedClasses: readonly DataClass[] = ["personal", "payment"];

export const RollingPeriod = z.enum(["hour", "day", "week", "month", "total"]);
export type RollingPeriod = z.infer<typeof RollingPeriod>;

/** Who holds which tools, and how often a dangerous one may be called. */
export const FleetGrants = z.strictObject({
  /** The most that anybody of the company may hold. */
  tools: GrantList.optional(),
  /** Classes of tools that only these roles may hold. */
  exclusive: z.partialRecord(DataClass, z.array(z.string()).min(1)).optional(),
  /** Calls of a dangerous tool by one agent within a rolling period, those that wait for a human included. */
  rates: z
    .record(
      z.string(),
      z.strictObject({ times: z.number().int().positive(), per: RollingPeriod.exclude(["total"]).default("hour") }),
    )
    .optional(),
  approvals: z
    .strictObject({
      /** How long a call waits for a human; silence is a denial. */
      hours: z.number().positive().max(720).default(24),
      /** Calls of one agent that wait at once. */
      waitingMax: z.number().int().positive().max(1_000).default(20),
    })
    .optional(),
});
export const approvalDefaults = { hours: 24, waitingMax: 20 } as const;

export const ApprovalStatus = z.enum([
  "waiting",
  "approved",
  "denied",
  "edited",
  "expired",
  "executing",
  "done",
  "failed",
  "unknown",
]);
export type ApprovalStatus = z.infer<typeof ApprovalStatus>;

export const CallFile = z.object({ name: z.string(), sha256: z.string(), bytes: z.number().int() });
export type CallFile = z.infer<typeof CallFile>;

/** One exact call that waits, or waited, for a human. */
export const ApprovalView = z.object({
  id: Id,
  status: ApprovalStatus,
  agent: z.string(),
  /** Its role, or its type where it is a worker: what permissions name. */
  role: z.string(),
  epoch: z.number().int(),
  taskId: Id.nullable(),
  tool: z.string(),
  summary: z.string(),
  /** Which rule wants it, and in words. */
  rule: z.string(),
  reason: z.string(),
  /** What an answer is given to: it says everything about the call, so that nobody approves what they have not seen. */
  digest: z.string(),
  /** Equal for the same call by whomever. */
  callDigest: z.string(),
  arguments: z.record(z.string(), z.unknown()),
  files: z.array(CallFile),
  amountMicroUsd: MicroUsd,
  /** How often it was asked for while it waited. */
  asked: z.number().int(),
  editedFrom: Id.nullable(),
  expiresAt: Timestamp,
  createdAt: Timestamp,
  answeredAt: Timestamp.nullable(),
  answeredBy: z.string().nullable(),
  comment: z.string().nullable(),
  endedAt: Timestamp.nullable(),
  result: z.unknown().nullable(),
  error: z.string().nullable(),
  /** Of the call: how it ended once it began, else that it was not made without a human; null where it left none. */
  receipt: Id.nullable(),
  /** A form that answers it without a login; null once it no longer waits. */
  url: z.string().nullable(),
});
export type ApprovalView = z.infer<typeof ApprovalView>;

/** Bounds how many rows one answer locks. */
const equalAnswersMax = 200;

/** One with what a human can judge it by, from records only. */
export const ApprovalDetail = ApprovalView.extend({
  /** Where text from outside came from that the asking run had read; null: none. */
  taint: z.string().nullable(),
  /** What the asking run had called before it asked, oldest first. */
  receipts: z.array(ReceiptBehind),
});
export type ApprovalDetail = z.infer<typeof ApprovalDetail>;

export const ApprovalAnswer = z
  .strictObject({
    /** `send_back` is a denial that says what should be different: the agent is asked to come again. */
    answer: z.enum(["approve", "deny", "edit", "send_back"]),
    /** The digest that the human has read; another one is refused. */
    digest: z.string().length(64),
    comment: z.string().trim().max(4_000).default(""),
    /** For `edit`: the arguments that run instead. */
    arguments: z.record(z.string(), z.json()).optional(),
    /** For `edit`: the digest of what runs instead, as the preview told it; where it comes to another one, nothing is answered. */
    editedDigest: z.string().length(64).optional(),
    /**
     * Other waiting requests of the same call that were shown with it, and are answered with it. What arrived later, or is over by now, is
     * left as it is. Not with `edit`.
     */
    equal: z
      .array(z.strictObject({ id: Id, digest: z.string().length(64) }))
      .max(equalAnswersMax)
      .default([]),
  })
  .refine(({ answer, comment }) => answer !== "send_back" || comment !== "", {
    message: "say what should be different",
    path: ["comment"],
  });
export type ApprovalAnswer = z.input<typeof ApprovalAnswer>;

export const ApprovalAnswered = z.object({
  /** False: it was answered or over before; nothing has changed. */
  first: z.boolean(),
  approval: ApprovalView,
  /** Equal requests that the same answer went to. */
  others: z.array(Id),
});
export type ApprovalAnswered = z.infer<typeof ApprovalAnswered>;

/** A call that waits, with other arguments, before anybody answers. */
export const EditedCallView = z.object({
  arguments: z.record(z.string(), z.unknown()),
  amountMicroUsd: MicroUsd,
  digest: z.string(),
  callDigest: z.string(),
});
export type EditedCallView = z.infer<typeof EditedCallView>;

/** What must hold of an argument; `path` is dotted. */
export const ArgumentConstraint = z.discriminatedUnion("is", [
  z.strictObject({ path: z.string().min(1).max(200), is: z.literal("equal"), value: z.json() }),
  z.strictObject({ path: z.string().min(1).max(200), is: z.literal("one_of"), value: z.array(z.json()).min(1).max(100) }),
  /** From nothing up to `value`; below nothing only where `value` is, too. */
  z.strictObject({ path: z.string().min(1).max(200), is: z.literal("at_most"), value: z.number() }),
  z.strictObject({ path: z.string().min(1).max(200), is: z.literal("shorter_than"), value: z.number().int().positive() }),
  /** The argument is not given. */
  z.strictObject({ path: z.string().min(1).max(200), is: z.literal("absent") }),
]);
export type ArgumentConstraint = z.infer<typeof ArgumentConstraint>;

/** What an operator permits beforehand: calls of one tool within bounds, so that they are asked when it matters. */
export const NewPermission = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/, "a name of small letters, digits and hyphens"),
  tool: z.string().min(1).max(100),
  role: z.string().max(100).nullable().default(null),
  constraints: z.array(ArgumentConstraint).max(50).default([]),
  times: z.number().int().positive().max(1_000_000),
  usd: z.number().nonnegative().max(1e9).default(0),
  per: RollingPeriod.default("day"),
  until: Timestamp.nullable().default(null),
});
export type NewPermission = z.infer<typeof NewPermission>;

export const PermissionView = z.object({
  id: Id,
  name: z.string(),
  tool: z.string(),
  role: z.string().nullable(),
  constraints: z.array(ArgumentConstraint),
  times: z.number().int(),
  amountMicroUsd: MicroUsd,
  per: RollingPeriod,
  until: Timestamp.nullable(),
  createdBy: z.string(),
  createdAt: Timestamp,
  revokedAt: Timestamp.nullable(),
  /** Within the present period. */
  used: z.number().int(),
  usedMicroUsd: MicroUsd,
});
export type PermissionView = z.infer<typeof PermissionView>;
