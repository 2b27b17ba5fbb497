import { z } from "zod";
import { AutonomyMode } from "./autonomy.ts";
import { AgentKind } from "./agents.ts";
import { DecisionView } from "./decisions.ts";
import { Executor } from "./fleet.ts";
import { AgentName, Id, Timestamp } from "./ids.ts";
import { AgentMessage } from "./messages.ts";
import { GitRight, LoopAction, Profile } from "./profile.ts";
import { TaskResult, TaskView } from "./tasks.ts";

/**
 * What an agent says to the gateway over its unix socket. Beside these stand `/v1/messages` (model) and `/mcp` (tools).
 * All but hello carry `Authorization: Bearer <session>`. Errors are `{ error: { code, message, hint? } }`.
 */
export const agentApi = {
  hello: "/agent/hello",
  renew: "/agent/renew",
  heartbeat: "/agent/heartbeat",
  poll: "/agent/poll",
  context: "/agent/context",
  report: "/agent/report",
  log: "/agent/log",
  workspace: "/agent/workspace",
} as const;

/** The line that the orchestrator writes to a new container's stdin, once. */
export const StdinLine = z.strictObject({ token: z.string().min(40), epoch: z.number().int().positive() });
export type StdinLine = z.infer<typeof StdinLine>;

export const HelloRequest = z.object({
  token: z.string(),
  epoch: z.number().int().positive(),
  /** Ed25519, SPKI as base64url: with it every later request must carry a proof (`x-aito-proof`) that only its holder can make. */
  containerKey: z.string().max(200).optional(),
});
const BellUser = z.object({ username: z.string(), password: z.string(), channels: z.array(z.string()) });
export const HelloResponse = z.object({
  session: z.string(),
  agent: z.object({
    name: AgentName,
    role: z.string(),
    kind: AgentKind,
    isHead: z.boolean(),
    isCouncil: z.boolean(),
    taskId: Id.nullable(),
  }),
  company: z.object({ slug: z.string(), name: z.string() }),
  profileMarkdown: z.string(),
  model: z.string(),
  redis: BellUser.nullable(),
  /** Ask `renew` after this long: the session ends at twice that. */
  renewAfterMs: z.number().int().positive().optional(),
  heartbeatMs: z.number().int().positive(),
  /** How often it beats while it does nothing. */
  restBeatMs: z.number().int().positive().optional(),
  executor: Executor.optional(),
  limits: z.object({ turnsMax: z.number().int(), runSecondsMax: z.number().int(), outputTokensMax: z.number().int() }),
});
export type HelloResponse = z.infer<typeof HelloResponse>;

/** The next session; the one that asked stands for a short overlap, for what is under way. */
export const RenewResponse = z.object({
  session: z.string(),
  redis: BellUser.nullable(),
  renewAfterMs: z.number().int().positive(),
});
export type RenewResponse = z.infer<typeof RenewResponse>;

export const HeartbeatRequest = z.object({ doing: z.string().max(200).nullable(), progress: z.number().int() });
export const HeartbeatResponse = z.object({ stop: z.boolean() });

export const WakeKind = z.enum(["wake", "task", "message", "vote"]);
export const PollRequest = z.object({ waitMs: z.number().int().min(0).max(180_000) });
export const PollResponse = z.object({
  run: z
    .object({ id: Id, reasons: z.array(z.object({ kind: WakeKind, ref: z.string().nullable(), text: z.string() })) })
    .nullable(),
});
export type PollResponse = z.infer<typeof PollResponse>;

export const workspaceFilesMax = 2_000;
export const workspaceBytesMax = 16 * 1024 * 1024;
/** A file's path in a workspace: no empty, `.` or `..` part, nothing absolute, no character that a line or a shell would stumble on. */
export const WorkspacePath = z
  .string()
  .max(500)
  .regex(/^(?!\.{1,2}(\/|$))[^/\\\p{C}]+(\/(?!\.{1,2}(\/|$))[^/\\\p{C}]+)*$/u, "not a path inside the workspace");

/** Numbers of a text that no verified claim says: not to be built on. */
const Unverified = z.object({ unverifiedNumbers: z.array(z.string()).optional() });
/** One memory; `from` where it is not the agent's own work. */
const HistoryLine = Unverified.extend({ at: Timestamp, type: z.string(), summary: z.string(), from: z.string().optional() });

export const ContextRequest = z.object({ run: Id });
/** Everything an agent needs for one run, in one call (L02 to L05). */
export const RunContext = z.object({
  now: Timestamp,
  run: Id,
  /** Who is asked: votes and assignments name agents, rules name roles. */
  agent: z.object({
    name: AgentName,
    role: z.string(),
    kind: AgentKind,
    isHead: z.boolean(),
    isCouncil: z.boolean(),
  }),
  wake: z.array(z.object({ kind: WakeKind, text: z.string() })),
  /** False: nothing new, so that no model call is made; the checks below were answered from records. */
  askModel: z.boolean(),
  /** The model for this kind of run; where it is missing, the one that hello gave. */
  model: z.string().optional(),
  newSinceLastRun: z.array(z.string()),
  profile: Profile,
  state: z.record(z.string(), z.unknown()),
  /** The version of each key, for `save_state`. */
  stateVersions: z.record(z.string(), z.number().int()).optional(),
  history: z.array(HistoryLine),
  historyHits: z.array(HistoryLine),
  /** Older days, weeks and months summed up, the newest first, and those that speak of why it was woken. */
  historySummaries: z.array(Unverified.extend({ period: z.string(), of: z.string(), summary: z.string() })).optional(),
  dueActions: z.array(LoopAction),
  tasks: z.array(TaskView),
  messages: z.array(AgentMessage.extend(Unverified.shape)),
  decisions: z.array(DecisionView.extend(Unverified.shape)),
  /** Who leads the company now; `acting` for the one who should and is lost. */
  lead: z.object({ name: AgentName, acting: z.boolean() }).optional(),
  colleagues: z.array(z.object({ name: AgentName, role: z.string(), department: z.string().nullable() })),
  workerTypes: z.array(z.string()),
  /** Its repository and what it may write there; a worker has that of whom it works for. */
  git: z
    .object({ repository: z.string(), paths: z.array(z.string()), right: GitRight })
    .nullable()
    .optional(),
  /** What happens to its calls of dangerous tools, and which of them a decision may release. */
  autonomy: z.object({ mode: AutonomyMode, releases: z.array(z.string()) }).optional(),
  budget: z.object({ usdTotal: z.string(), usdLeft: z.string() }),
  /** What humans answered to this agent's last proposals, newest first, with their reasons. */
  humanAnswers: z.array(z.object({ at: Timestamp, title: z.string(), answer: z.string(), reason: z.string() })).optional(),
});
export type RunContext = z.infer<typeof RunContext>;

export const ReportRequest = z.object({
  run: Id,
  outcome: z.enum(["done", "nothing_new", "failed"]),
  summary: z.string().max(4_000),
  error: z.string().max(4_000).nullable(),
  interrupted: z.boolean().optional().describe("failed because the gateway was away in the middle, not by itself"),
  modelCalls: z.number().int().min(0),
  state: z.record(z.string(), z.unknown()).default({}),
  acknowledged: z.array(Id).default([]),
  task: z
    .object({ id: Id, status: z.enum(["done", "failed"]), result: TaskResult })
    .nullable()
    .default(null),
});
export type ReportRequest = z.infer<typeof ReportRequest>;
export const ReportResponse = z.object({ next: z.enum(["sleep", "exit"]) });

/** Files that a worker is handed, with what they hold in base64. Paths are relative, with `/`, and leave no folder. */
export const Workspace = z.object({
  name: z.string().nullable(),
  files: z.array(z.object({ path: WorkspacePath, base64: z.string() })).max(workspaceFilesMax),
});
export type Workspace = z.infer<typeof Workspace>;

export const LogRequest = z.object({ run: Id.nullable(), lines: z.array(z.string().max(4_000)).max(100) });
