import { z } from "zod";
import { AgentView } from "./agents.ts";
import { AttachedAction, DecisionType } from "./decisions.ts";
import { SwitchView } from "./kill-switches.ts";
import { CallFile } from "./grants.ts";
import { ActorName, Id, MicroUsd, Timestamp } from "./ids.ts";

/** The console's operator API: the web client and the CLI are both its clients. JSON shapes here are documented promises. */
export const operatorApi = {
  status: "/api/v1/status",
  proposals: "/api/v1/proposals",
  decisions: "/api/v1/decisions",
  escalations: "/api/v1/escalations",
  /** Below it `/{id}/promote`. */
  ideas: "/api/v1/ideas",
  acceptance: "/api/v1/acceptance",
  /** A question in plain words; the answer is evidence with citations. */
  ask: "/api/v1/ask",
  /** How far memories are embedded; below it `/forget`. */
  memory: "/api/v1/memory",
  /** Below it `/forecast`, `/infra`, `/savings` and `/savings/suggest`. */
  costs: "/api/v1/costs",
  budgets: "/api/v1/budgets",
  success: "/api/v1/success",
  publications: "/api/v1/publications",
  /** Below it `/{id}` and `/{id}/answer`. */
  approvals: "/api/v1/approvals",
  /** Below it `/{name}/revoke`. */
  permissions: "/api/v1/permissions",
  /** The tools as the gateway has them. */
  tools: "/api/v1/tools",
  /** Words of outside tools that wait for an operator, or were answered; below it `/{tool}/answer`. */
  toolPins: "/api/v1/tool-pins",
  /** Below it `/{id}`. */
  recordings: "/api/v1/recordings",
  /** Below it `/verify` and `/{id}`. */
  receipts: "/api/v1/receipts",
  /** The company's figures with their receipts, and apart what nothing backs. */
  figures: "/api/v1/figures",
  /** Figures that cannot all be right; below it `/settled`, and `/{id}/settle` and `/{id}/reopen`. */
  contradictions: "/api/v1/contradictions",
  /** `?agent=&task=`: the model calls that costs are made of. */
  calls: "/api/v1/costs/calls",
  /** What was proposed in git repositories; below it `/{id}`. */
  changes: "/api/v1/changes",
  /** The tasks as GitHub issues. */
  board: "/api/v1/board",
  /** POST: GitHub is asked for changes at once. */
  boardSync: "/api/v1/board/sync",
  /** With which keys the roles sign their commits. */
  signers: "/api/v1/signers",
  /** Webhook intake: the fleet file's hooks; below it `/deliveries`. */
  hooks: "/api/v1/hooks",
  hookDeliveries: "/api/v1/hooks/deliveries",
  /** The ways by which a human is told; below it `/{name}/test`. */
  channels: "/api/v1/channels",
  /** Chats whose buttons answer for an operator; below it `/codes` and `/{id}/end`. */
  chats: "/api/v1/chats",
  /** What was told, by which channel, and how that ended. */
  notices: "/api/v1/notices",
  /** `?hours=24`: what happened, from records alone. */
  briefing: "/api/v1/briefing",
  /** POST `{texts}`: the numbers of each text with their receipts. */
  numbers: "/api/v1/numbers",
  /** Below it `/{name}/revoke` and `/{name}/rotate`. */
  keys: "/api/v1/keys",
  /** POST asks for one; below it `/{id}`, and under that `/digest`, `/family`, `/move`, `/priority`, `/release` and `/settle`. */
  tasks: "/api/v1/tasks",
  workers: "/api/v1/workers",
  /** Queues by agent, workers, and their places. */
  operations: "/api/v1/operations",
  /** `?with=&thread=`; below it `/{id}`. */
  messages: "/api/v1/messages",
  /** Conversations, the newest first. */
  threads: "/api/v1/messages/threads",
  /** When there are messages, for a slider; and the messages from a time on, oldest first. */
  talkSpan: "/api/v1/messages/span",
  replay: "/api/v1/messages/replay",
  events: "/api/v1/events",
  eventsVerify: "/api/v1/events/verify",
  /** Lines of JSON; the last one says that it is whole. */
  eventsExport: "/api/v1/events/export",
  loginLinks: "/api/v1/login-links",
  stream: "/api/v1/stream",
  session: "/api/v1/session",
  /** People: below it `/{name}/role`, `/{name}/disable` and `/{name}/reset`. */
  operators: "/api/v1/operators",
  /** Browsers that are signed in: below it `/{id}/revoke`. */
  sessions: "/api/v1/sessions",
  /** Keys for this API, not for models: below it `/{id}/revoke`. */
  apiKeys: "/api/v1/api-keys",
  /** One's own password and one-time codes; below it `/draft`. */
  account: "/api/v1/account",
  /** Below it `/{name}`, and under that `/why`, `/explain`, `/runs`, `/pause`, `/stop`, `/start` and `/restart`. */
  agents: "/api/v1/agents",
  /** Every role, and who reports to whom. */
  org: "/api/v1/org",
  /** Below it `/{id}/resume`. */
  switches: "/api/v1/switches",
  /** Below it `/{revision}` and `/{revision}/diff`. */
  fleetRevisions: "/api/v1/fleet/revisions",
  /** POST a change: what is wrong with it and what it would do; nothing is done. */
  fleetDryRun: "/api/v1/fleet/dry-run",
  fleetDeploy: "/api/v1/fleet/deploy",
  fleetStart: "/api/v1/fleet/start",
  fleetStop: "/api/v1/fleet/stop",
  /** This API, described as OpenAPI 3.1; made from the same schemas that check requests and answers. */
  openApi: "/api/openapi.json",
} as const;

/** Every list answers with a page, newest first; `next` goes into `before` of the next request, null on the last page. */
export const pageOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), next: z.string().nullable() });
export interface Page<T> {
  items: T[];
  next: string | null;
}
export const pageItemsMax = 200;

export const FleetStatus = z.object({
  fleet: z.string(),
  company: z.string(),
  engine: z.enum(["docker", "embedded"]),
  model: z.string().describe("REHEARSAL, or the model's name"),
  agents: z.array(AgentView),
  budget: z.object({ usdTotal: z.string(), usdLeft: z.string() }),
  /** The soonest scheduled wake: the answer to "why is nothing happening". */
  nextWake: z.object({ agent: z.string(), at: Timestamp, reason: z.string() }).nullable(),
  openEscalations: z.number().int(),
  /** Kill switches that are on. */
  switches: z.array(SwitchView).default([]),
  /** Who leads; `acting`: for the fleet file's lead, who is lost. */
  lead: z
    .object({ name: z.string(), acting: z.boolean(), term: z.string(), since: Timestamp, reason: z.string() })
    .nullable()
    .optional(),
  /** What an operator must know: crash loops, lost heads. */
  alerts: z
    .array(
      z.object({ kind: z.string(), subject: z.string(), title: z.string(), detail: z.string().optional(), openedAt: Timestamp }),
    )
    .optional(),
  /** For whom work is done, by slug: a kill switch can stop one of them. */
  clients: z.array(z.string()).optional(),
});
export type FleetStatus = z.infer<typeof FleetStatus>;

export const OperatorProposal = z.strictObject({
  by: z.string(),
  type: DecisionType,
  usd: z.number().nonnegative().max(1e9).default(0),
  title: z.string().trim().min(1, "it is empty").max(255, "it has more than 255 characters"),
  description: z.string().max(20_000).default(""),
  kind: z.string().nullable().default(null),
  task: z
    .strictObject({
      title: z.string().min(1).max(255),
      description: z.string().default(""),
      workerType: z.string().nullable().default(null),
    })
    .nullable()
    .default(null),
  action: AttachedAction.nullable().optional(),
  emergency: z.boolean().optional(),
});
export type OperatorProposal = z.infer<typeof OperatorProposal>;

export const IdeaView = z.object({
  id: Id,
  agent: z.string(),
  title: z.string(),
  text: z.string(),
  kind: z.string().nullable(),
  amountMicroUsd: MicroUsd,
  status: z.enum(["new", "kept", "merged", "promoted", "dropped"]),
  /** 0 to 100; null for a merged one. */
  score: z.number().int().nullable(),
  scoreParts: z.object({ novelty: z.number(), fit: z.number(), cost: z.number(), acceptance: z.number() }).nullable(),
  mergedInto: Id.nullable(),
  /** How often it was proposed, the merged ones included. */
  mentions: z.number().int(),
  decisionId: Id.nullable(),
  /** How it was held against the earlier ones; `words` when no embedder answered in time. */
  comparedBy: z.enum(["meaning", "words"]),
  /** The text from outside that its run had read; null: none. */
  taint: z.string().nullable(),
  createdAt: Timestamp,
});
export type IdeaView = z.infer<typeof IdeaView>;

/** Human answers to one agent's proposals of one kind. */
export const Acceptance = z.object({
  agent: z.string(),
  kind: z.string().nullable(),
  approved: z.number().int(),
  vetoed: z.number().int(),
  sentBack: z.number().int(),
});
export type Acceptance = z.infer<typeof Acceptance>;

/** A text that an agent published; a decision released it, a human approved it, or a standing permission covered it. */
export const PublicationView = z.object({
  id: Id,
  title: z.string(),
  text: z.string(),
  agent: z.string(),
  decisionId: Id.nullable(),
  approvalId: Id.nullable().optional(),
  files: z.array(CallFile).optional(),
  createdAt: Timestamp,
});
export type PublicationView = z.infer<typeof PublicationView>;

export const EventView = z.object({
  id: Id,
  seq: z.string().nullable().describe("null until sealed into the chain"),
  type: z.string(),
  source: ActorName,
  target: ActorName.nullable(),
  at: Timestamp,
  payload: z.record(z.string(), z.unknown()),
  hash: z.string().nullable(),
});
export type EventView = z.infer<typeof EventView>;

export const ChainReport = z.object({
  ok: z.boolean(),
  count: z.number().int(),
  head: z.string().nullable(),
  /** What is wrong, and at which sequence number; null when ok. */
  problem: z.string().nullable(),
});
export type ChainReport = z.infer<typeof ChainReport>;

export const ApiError = z.object({
  error: z.object({ code: z.string(), message: z.string(), hint: z.string().optional() }),
});
export type ApiError = z.infer<typeof ApiError>;

/** How long a one-time login link works. */
export const loginLinkMinutes = 30;
