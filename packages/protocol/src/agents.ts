import { z } from "zod";
import { AgentName, Id, MicroUsd, Timestamp } from "./ids.ts";

/** The seed's five states (O12). Reasons such as quarantine stand beside it, in `statusReason`. */
export const AgentStatus = z.enum(["inactive", "starting", "active", "stopping", "error"]);
export type AgentStatus = z.infer<typeof AgentStatus>;

/** `agent`: a standing member (head or council); `worker`: started for one task and gone after it. */
export const AgentKind = z.enum(["agent", "worker"]);
export type AgentKind = z.infer<typeof AgentKind>;

/** The hash `agent:status:{agent}` in Redis (R01). All values are text there. */
export const AgentStatusHash = z.object({
  status: AgentStatus,
  epoch: z.coerce.number().int(),
  last_heartbeat: z.string(),
  container_id: z.string(),
});
export type AgentStatusHash = z.infer<typeof AgentStatusHash>;

/** One row of `aito status --json` and of the console's fleet page. */
export const AgentView = z.object({
  name: AgentName,
  role: z.string(),
  kind: AgentKind,
  department: z.string().nullable(),
  status: AgentStatus,
  statusReason: z.string().nullable(),
  doing: z.string().nullable(),
  epoch: z.number().int(),
  containerId: z.string().nullable(),
  lastHeartbeat: Timestamp.nullable(),
  restarts: z.number().int(),
  parentAgent: z.string().nullable(),
  taskId: z.string().nullable(),
  nextWakeAt: Timestamp.nullable(),
  nextWakeReason: z.string().nullable(),
  /** Since when its incarnation is there. */
  startedAt: Timestamp.nullable().optional(),
  wanted: z.enum(["running", "stopped", "gone"]).optional(),
  /** What an operator holds back: paused, it takes no new run; stopped, it has no container. */
  held: z
    .object({ as: z.enum(["paused", "stopped"]), by: z.string(), at: Timestamp })
    .nullable()
    .optional(),
  /** Whether it leads the company now: as the fleet file says, or for the one who should and is lost. */
  lead: z.enum(["lead", "acting"]).nullable().optional(),
});
export type AgentView = z.infer<typeof AgentView>;

/** One agent whole: `aito agents show NAME --json`. What holds a secret is told by its times, never by itself. */
export const AgentState = AgentView.extend({
  desired: z.enum(["running", "stopped", "gone"]),
  /** The kill switch that stops it, in words. */
  switch: z.string().nullable(),
  quarantined: z.boolean(),
  failures: z.number().int(),
  failedRuns: z.number().int(),
  retryAt: Timestamp.nullable(),
  startedAt: Timestamp.nullable(),
  run: z.object({ id: Id, startedAt: Timestamp, reasons: z.array(z.string()) }).nullable(),
  queue: z.array(z.object({ reason: z.string(), since: Timestamp, notBefore: Timestamp.nullable() })),
  loop: z.object({ intervalSeconds: z.number().int().nullable() }),
  profile: z.object({ path: z.string().nullable(), model: z.string() }),
  git: z.object({ repository: z.string().nullable(), filter: z.string().nullable() }),
  limits: z.object({
    memoryMb: z.number(),
    cpus: z.number(),
    pids: z.number(),
    runtime: z.string().nullable(),
    runSecondsMax: z.number().int(),
  }),
  /** Newest first; without tokens and their hashes. */
  sessions: z.array(
    z.object({
      epoch: z.number().int(),
      madeAt: Timestamp,
      helloAt: Timestamp.nullable(),
      renewedAt: Timestamp.nullable(),
      revokedAt: Timestamp.nullable(),
      boundToContainer: z.boolean(),
      busUser: z.string().nullable(),
    }),
  ),
  grants: z.object({ tools: z.array(z.string()), autonomy: z.string(), releases: z.array(z.string()) }),
  /** `usd` is what is known; calls whose cost is not known are counted beside it. */
  cost: z.object({ modelCalls: z.number().int(), usd: z.string(), unknownCalls: z.number().int() }),
});
export type AgentState = z.infer<typeof AgentState>;

/** One pass of an agent's loop: why it ran, what it wrote meanwhile, how it ended. */
export const RunView = z.object({
  id: Id,
  agent: z.string(),
  epoch: z.number().int(),
  status: z.enum(["running", "done", "nothing_new", "failed", "lost"]),
  reasons: z.array(z.string()),
  summary: z.string().nullable(),
  error: z.string().nullable(),
  modelCalls: z.number().int(),
  log: z.string(),
  startedAt: Timestamp,
  endedAt: Timestamp.nullable(),
});
export type RunView = z.infer<typeof RunView>;

/** Why the platform did or did not act for an agent: `aito why NAME`. */
export const AgentWhy = z.object({
  agent: AgentView,
  wanted: z.enum(["running", "stopped", "gone"]),
  /** The kill switch that stops it, in words. */
  switch: z.string().nullable(),
  quarantined: z.boolean(),
  /** Failures in a row that count towards quarantine. */
  failures: z.number().int(),
  retryAt: Timestamp.nullable(),
  /** Takes no new run: its configuration changed, and it is replaced when its run has ended. */
  replacing: z.boolean(),
  failedRuns: z.number().int(),
  /** What the reconciler wants to do now (`wait`: nothing, and why), and since when. */
  plan: z.object({ do: z.string(), why: z.string(), since: Timestamp }).nullable(),
  lastAction: z.object({ do: z.string(), why: z.string(), at: Timestamp }).nullable(),
  run: z
    .object({
      id: Id,
      startedAt: Timestamp,
      reasons: z.array(z.string()),
      leaseUntil: Timestamp.nullable(),
      deadlineAt: Timestamp.nullable(),
    })
    .nullable(),
  waitingWork: z.array(z.object({ reason: z.string(), since: Timestamp, notBefore: Timestamp.nullable() })),
});
export type AgentWhy = z.infer<typeof AgentWhy>;
/** One row of `aito workers --json`. */
export const WorkerView = z.object({
  name: AgentName,
  type: z.string(),
  parent: AgentName,
  depth: z.number().int(),
  taskId: Id,
  title: z.string(),
  priority: z.number().int(),
  /** Containers that it has been given so far. */
  containers: z.number().int(),
  budgetMicroUsd: MicroUsd.nullable(),
  state: z.enum(["waiting", "running", "retrying", "stopped", "ending"]),
  why: z.string(),
  createdAt: Timestamp,
});
export type WorkerView = z.infer<typeof WorkerView>;

/** Desks, queues and places: the page Operations. */
export const OperationsView = z.object({
  workers: z.array(WorkerView),
  places: z.object({
    running: z.number().int(),
    waiting: z.number().int(),
    /** At once in the company; beyond it workers wait for a place. */
    runningMax: z.number().int(),
    perParentMax: z.number().int(),
    companyMax: z.number().int(),
  }),
  /** What waits for an agent that no run has taken yet. */
  queues: z.array(z.object({ agent: AgentName, waiting: z.number().int(), oldestSince: Timestamp })),
});
export type OperationsView = z.infer<typeof OperationsView>;
