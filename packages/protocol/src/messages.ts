import { z } from "zod";
import { ActorName, AgentName, Id, Timestamp } from "./ids.ts";

export const MessageType = z.enum([
  "task",
  "status_request",
  "status_response",
  "decision",
  "vote",
  "alert",
  "broadcast",
  "direct",
]);
export type MessageType = z.infer<typeof MessageType>;

export const Priority = z.enum(["low", "normal", "high", "urgent"]);
export type Priority = z.infer<typeof Priority>;

/** An agent's name, or one of the three groups (M02). */
export const Recipient = z.union([z.enum(["all", "head", "clevel"]), AgentName]);
export type Recipient = z.infer<typeof Recipient>;

const StatusFigure = z.strictObject({
  metric: z.string(),
  value: z.string(),
  unit: z.string(),
  entity: z.string(),
  receipts: z.array(z.string()),
});

/** What each message type carries (M01). Unknown keys are refused, so that nothing is silently dropped. */
export const messagePayloads = {
  task: z.strictObject({
    task_id: Id,
    title: z.string().min(1).max(255),
    description: z.string().max(20_000).default(""),
    deadline: Timestamp.nullable().default(null),
    priority: Priority.default("normal"),
  }),
  status_request: z.strictObject({
    include: z.array(z.enum(["metrics", "pending_tasks", "blockers"])).min(1),
    query_id: Id.optional(),
  }),
  status_response: z.strictObject({
    query_id: Id.optional(),
    status: z.string(),
    metrics: z.record(z.string(), z.number()),
    /** What the agent's verified claims of the last day say; what it said otherwise stands apart. */
    figures: z.array(StatusFigure).optional(),
    unverified: z.array(StatusFigure).optional(),
    pending_tasks: z.array(z.strictObject({ id: Id, title: z.string(), status: z.string(), due: Timestamp.nullable() })),
    blockers: z.array(z.string()),
  }),
  decision: z.strictObject({
    decision_id: Id,
    title: z.string(),
    status: z.string(),
    round: z.number().int(),
    phase: z.string().optional(),
    reason: z.string().optional(),
    /** In an outcome: the task that it released; null when none was attached, so that the proposer sees to it. */
    task_id: Id.nullable().optional(),
  }),
  vote: z.strictObject({ decision_id: Id, round: z.number().int(), vote: z.string(), reason: z.string() }),
  alert: z.strictObject({ title: z.string().min(1).max(255), detail: z.string().max(20_000).default("") }),
  broadcast: z.strictObject({ text: z.string().min(1).max(20_000) }),
  /** `decision_id`: an argument that heads exchange about it. */
  direct: z.strictObject({
    text: z.string().min(1).max(20_000),
    goal: z.boolean().optional(),
    decision_id: Id.optional(),
    /** The task that it is the result of, and the receipts that back it. */
    task_id: Id.optional(),
    receipts: z.array(z.string()).optional(),
    /** From `system`: a change in a git repository that asks something of its reader. */
    change: z
      .strictObject({ id: Id, task: Id.optional(), ask: z.enum(["review", "fix", "merge", "hand_in", "none"]) })
      .optional(),
    /** From `system`, in reply to a message whose deadline passed without an answer. */
    no_answer: z.strictObject({ message_id: Id, from: Recipient, deadline: Timestamp }).optional(),
  }),
} as const satisfies Record<MessageType, z.ZodType>;

/** The envelope as it stands in `messages` and as it is shown to agents and operators. */
export const AgentMessage = z.object({
  id: Id,
  type: MessageType,
  from: ActorName,
  to: Recipient,
  payload: z.record(z.string(), z.unknown()),
  priority: Priority,
  timestamp: Timestamp,
  requires_response: z.boolean(),
  response_deadline: Timestamp.nullable(),
  in_reply_to: Id.nullable(),
  /** It answers a message whose deadline had passed. */
  late: z.literal(true).optional(),
});
export type AgentMessage = z.infer<typeof AgentMessage>;

/** One message with who has read it, and its conversation: what it answers and what answers it, oldest first. */
export const MessageDetail = z.object({
  message: AgentMessage,
  respondedAt: Timestamp.nullable(),
  readers: z.array(
    z.object({ agent: z.string(), deliveredAt: Timestamp.nullable(), readAt: Timestamp.nullable(), rings: z.number().int() }),
  ),
  thread: z.array(AgentMessage),
});
export type MessageDetail = z.infer<typeof MessageDetail>;

/** Which messages: of a group (`all`, `head`, `clevel`), to or from one agent, or of one thread. All where nothing is named. */
export const TalkCut = z.object({ with: Recipient.optional(), thread: Id.optional() });
export type TalkCut = z.infer<typeof TalkCut>;

/** One conversation: its first message, and how far it has come. */
export const ThreadView = z.object({
  id: Id,
  first: AgentMessage,
  last: AgentMessage,
  messages: z.number().int(),
  people: z.array(z.string()),
});
export type ThreadView = z.infer<typeof ThreadView>;

/** What there is to replay: from when to when, how many, and how many in each of equal parts of that time. */
export const TalkSpan = z.object({
  from: Timestamp.nullable(),
  to: Timestamp.nullable(),
  messages: z.number().int(),
  parts: z.array(z.number().int()),
});
export type TalkSpan = z.infer<typeof TalkSpan>;

/** Part of a replay, oldest first. `next` goes into `after`; null when there is no more. */
export const Replayed = z.object({ items: z.array(AgentMessage), next: z.string().nullable() });
export type Replayed = z.infer<typeof Replayed>;

export const messageBytesMax = 64 * 1024;
