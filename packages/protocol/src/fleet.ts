import { z } from "zod";
import { AutonomyMode, ReleasedTool } from "./autonomy.ts";
import { FleetBoard } from "./board.ts";
import { BriefingTime } from "./briefing.ts";
import { FleetModels } from "./fleet-models.ts";
import { FleetNotices } from "./fleet-notices.ts";
import { receiptTextDaysDefault } from "./evidence.ts";
import { DataClass, FleetGrants, GrantList } from "./grants.ts";
import { FleetHooks } from "./hooks.ts";
import { AgentName } from "./ids.ts";
import { FleetInfra } from "./infra.ts";
import { ModelBudgets } from "./model-budgets.ts";
import { Profile } from "./profile.ts";
import { ToolServers } from "./tool-servers.ts";

const Seconds = z.number().int().positive();
const RoleModel = z.string().min(1).optional();

/** What agents may write to each other. Messages that the platform writes for them (results, ballots, answers) do not count. */
export const MessageLimits = z.strictObject({
  perMinute: z.number().int().positive().max(10_000).default(30).describe("messages of one agent within a minute"),
  hopsMax: z.number().int().positive().default(20).describe("messages that led to each other with nothing else done"),
  turnsMax: z.number().int().min(2).default(12).describe("turns of two agents with nothing changed by either"),
  answerSeconds: Seconds.default(3_600).describe("how long an answer is waited for where the sender names no time"),
});
export type MessageLimits = z.infer<typeof MessageLimits>;
export const Executor = z.enum(["loop", "claude-code"]);
export type Executor = z.infer<typeof Executor>;
/** What Claude Code needs to run at all. */
export const claudeCodeMemoryMb = 768;

/** How many workers there may be, and how many tasks an agent may make. */
export const SpawnLimits = z.strictObject({
  runningMax: z.number().int().positive().max(200).default(16).describe("containers of workers at once; others wait for a place"),
  perParentMax: z.number().int().positive().default(8).describe("workers of one agent that run or wait"),
  companyMax: z.number().int().positive().default(64).describe("workers of the company that run or wait"),
  depthMax: z.number().int().min(1).max(4).default(2).describe("1: only standing agents start workers"),
  tasksPerHour: z.number().int().positive().default(60).describe("tasks that one agent makes, workers' tasks included"),
});
export type SpawnLimits = z.infer<typeof SpawnLimits>;

const RepositoryName = z.string().regex(/^[\w.-]+\/([\w.-]+|\*)$/, 'a repository "owner/name" or "owner/*"');

export const FleetGit = z.strictObject({
  /** By role: the repositories that it may read and review besides its profile's own. */
  reviews: z.record(AgentName, z.array(RepositoryName).min(1)).default({}),
  /** Approving reviews that a merge needs, of the newest commit, by other roles than the one that proposed it. */
  approvals: z.number().int().min(1).max(5).default(1),
  /** Merged only where an approved decision stands behind the change's task. */
  decisionFor: z.array(RepositoryName).default([]),
  /** A change without any check on it is not merged. */
  checks: z.enum(["if-any", "required"]).default("if-any"),
});
export type FleetGit = z.infer<typeof FleetGit>;

/** `profiles/<pack>/fleet.yaml`, version 1. Unknown keys are errors, so that a typo is not silently ignored. */
export const FleetFile = z.strictObject({
  version: z.literal(1),
  company: AgentName.describe("slug of the company; part of container names and labels"),
  name: z.string().min(1).describe("the company's name as people write it"),
  /** Heads hold a veto (CEO, DAO). One or two roles. */
  heads: z.array(AgentName).min(1).max(2),
  /** Whose own approve a critical decision needs; must be one of the heads. */
  guardian: AgentName.optional(),
  /** The lead runs the status query; must be one of the heads. */
  lead: AgentName,
  council: z.array(AgentName).max(15),
  roles: z.record(
    AgentName,
    z.strictObject({
      profile: z.string().describe("Markdown file beside this one"),
      model: RoleModel,
      /** Works for this client only: one of `clients`. */
      client: AgentName.optional(),
      /** Instead of the fleet's, for this role and the workers that it starts. */
      autonomy: AutonomyMode.optional(),
      releases: z.array(ReleasedTool).optional(),
      /** The tools that it holds, by name or data class; the public and internal ones where nothing is said. */
      tools: GrantList.optional(),
      /** Data that it sees by other ways than its tools. */
      sees: z.array(DataClass).optional(),
      /** The worker types that it may start; every type where nothing is said. */
      workers: z.array(AgentName).optional(),
    }),
  ),
  /** What happens to calls of dangerous tools; supervised where nothing is said. */
  autonomy: AutonomyMode.optional(),
  /** The dangerous tools that an approved decision may release in an autonomous role. */
  releases: z.array(ReleasedTool).optional(),
  ...FleetGrants.shape,
  /** MCP servers outside the company, whose tools may be granted. */
  toolServers: ToolServers.optional(),
  workers: z
    .record(
      AgentName,
      z.strictObject({
        profile: z.string(),
        model: RoleModel,
        timeLimitSeconds: Seconds.default(900),
        /** What runs the task: our own loop, or the Claude Code CLI with the same gateway, tools, budgets and switches. */
        executor: Executor.optional(),
        /** Instead of `container.memoryMb`. */
        memoryMb: z.number().int().min(64).optional(),
        /** A folder of the gateway's workspaces, handed to each worker of this type; it comes back as a patch. */
        workspace: AgentName.optional(),
        tools: GrantList.optional(),
        sees: z.array(DataClass).optional(),
        /** The worker types that it may start itself; none where nothing is said. */
        spawns: z.array(AgentName).optional(),
        /** No task of it is given more to spend than this, and the model calls of one that is given nothing cost no more. */
        usdMax: z.number().positive().optional(),
      }),
    )
    .default({}),
  /** For whom work is done, by slug; a kill switch can stop one of them. */
  clients: z.record(AgentName, z.strictObject({ name: z.string().min(1).max(255), tools: GrantList.optional() })).optional(),
  models: FleetModels.prefault({}),
  budget: z.strictObject({ usd: z.number().positive(), period: z.enum(["month"]).default("month") }),
  budgets: ModelBudgets.prefault({}),
  /** What the containers cost where they run; without it their time is counted and no money. */
  infra: FleetInfra.optional(),
  /** Keeps what models were asked and answered, for replay, within these bounds; nothing is kept without it. */
  recording: z
    .strictObject({ days: z.number().int().positive().max(365).default(7), megabytes: z.number().int().positive().default(500) })
    .optional(),
  /** How long the whole text of a long tool result is kept; its hash and its beginning stay with the receipt. */
  receipts: z.strictObject({ textDays: z.number().int().positive().max(3_650).default(receiptTextDaysDefault) }).optional(),
  /** Money limits that hold where a profile names none: above them a decision is major, critical. */
  limits: z.strictObject({ majorAboveUsd: z.number().positive(), criticalAboveUsd: z.number().positive() }),
  decisions: z
    .strictObject({
      discussionsMax: z.number().int().min(0).max(2).default(1),
      sendBacksMax: z.number().int().min(0).max(1).default(1),
      deadlines: z
        .strictObject({
          major: z.tuple([Seconds, Seconds, Seconds]).default([900, 1800, 900]),
          critical: z.tuple([Seconds, Seconds, Seconds]).default([3600, 7200, 3600]),
          emergency: z.tuple([Seconds, Seconds, Seconds]).default([120, 180, 120]),
        })
        .prefault({}),
      linkHours: z.number().int().positive().default(24),
      /** How long a vetoed proposal may not come back, changed or not. */
      coolOffHours: z.number().int().min(0).max(8_760).default(24),
    })
    .prefault({}),
  statusQuery: z.strictObject({ everySeconds: Seconds.default(3600), deadlineSeconds: Seconds.default(300) }).prefault({}),
  messages: MessageLimits.prefault({}),
  /** A briefing of the last 24 hours, each day at this time, by every configured channel; left out: only where it is asked for. */
  briefing: BriefingTime.optional(),
  /** What each channel tells and when; digests of closed tasks; the day's synthesis. */
  notices: FleetNotices.optional(),
  /** Tasks shown as GitHub issues, both ways; left out: nothing is mirrored. */
  board: FleetBoard.optional(),
  /** Events from outside that become tasks or wake somebody: `POST /hooks/NAME` on the console. */
  hooks: FleetHooks.optional(),
  /** The lead is lost for `graceSeconds`: the other head acts, until the lead has lived for `returnSeconds` without a break. */
  succession: z.strictObject({ graceSeconds: Seconds.default(60), returnSeconds: Seconds.default(30) }).prefault({}),
  spawning: SpawnLimits.prefault({}),
  container: z
    .strictObject({
      memoryMb: z.number().int().min(64).default(256),
      cpus: z.number().positive().max(8).default(0.5),
      pids: z.number().int().min(16).default(128),
      /** `runsc` runs each agent under gVisor, where the engine has it; left out: the engine's own. */
      runtime: z.enum(["runc", "runsc"]).optional(),
    })
    .prefault({}),
  /** Git repositories: who reviews what besides its own, and what a merge needs. Roles' own scopes stand in their profiles. */
  git: FleetGit.optional(),
  /** An opening goal for the lead, sent once when the company first starts. */
  kickoff: z.strictObject({ goal: z.string().min(1) }).optional(),
});
export type FleetFile = z.infer<typeof FleetFile>;

/** A fleet file with its profiles read and parsed: what the platform runs. */
export const Fleet = z.object({
  file: FleetFile,
  /** By role or worker type: the typed profile and the Markdown it came from. */
  profiles: z.record(z.string(), z.object({ path: z.string(), markdown: z.string(), profile: Profile })),
});
export type Fleet = z.infer<typeof Fleet>;
