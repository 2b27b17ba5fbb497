import type { AgentStatus } from "@aito/protocol";

/** What the company wants of one agent, and what its row last said. Times are absolute. */
export interface PlanAgent {
  name: string;
  kind: "agent" | "worker";
  desired: "running" | "stopped" | "gone";
  /** The kill switch that makes it `stopped`, in words. */
  stoppedBy?: string | null;
  status: AgentStatus;
  /** Number of the current (or last) incarnation; 0 before the first. */
  epoch: number;
  /** Set from attach or adopt until the incarnation is over. */
  containerId: string | null;
  /** Failures in a row that count towards quarantine. */
  failures: number;
  /** Lives in a row that ended before they had begun: no gateway, no usable token. */
  unbegun?: number;
  /** Not started before this. Null with status `error` and `failuresMax` failures: quarantined until an operator restarts it. */
  retryAt: Date | null;
  lastHeartbeat: Date | null;
  /** When the current incarnation began. */
  startedAt: Date | null;
  /** Until when its open run may go on without progress; null: it has none. */
  leaseUntil?: Date | null;
  /** False: its session has ended although its incarnation has not (its run made no progress); it can do nothing any more. */
  hasSession?: boolean;
  /** It takes no new run and is replaced when the open one has ended. */
  replacing?: boolean;
  /** What its next container would be made of (image, limits, environment, profile); unknown: nothing is replaced for it. */
  digest?: string | null;
  /** The digest that it was last replaced for; null once a life under it was a good one. */
  changeDigest?: string | null;
  /** A worker's claim to one of the places; absent for a standing agent. */
  place?: { root: string; depth: number; priority: number; since: Date } | null;
}

/** A container as the engine lists it, living or dead. */
export interface PlanContainer {
  id: string;
  agent: string;
  epoch: number;
  state: string;
  exitCode: number | null;
  oomKilled: boolean;
  /** What it was made of. */
  digest?: string;
}

/** States in which the company's record says that an incarnation is under way. */
export const underWay: ReadonlySet<AgentStatus> = new Set(["starting", "active", "stopping"]);
/** Engine states in which a container can no longer act. */
const over = new Set(["exited", "dead", "removing"]);
export const isOver = (container: PlanContainer): boolean => over.has(container.state);

/** It failed too often: only an operator, or a fresh count, starts it again. */
export const isQuarantined = (agent: PlanAgent, settings: PlanSettings): boolean =>
  agent.status === "error" && agent.retryAt === null && agent.failures >= settings.failuresMax;

export interface PlanSettings {
  /** A running agent that was not heard for this long hangs. */
  heartbeatTimeoutMs: number;
  /** The same for one whose run has a lease: it may be so busy that it cannot beat. */
  busyTimeoutMs: number;
  /** A head that was not heard for this long is lost as the lead. */
  headHeardWithinMs: number;
  /** A new incarnation may be silent for this long. */
  startGraceMs: number;
  /** A life at least this long was a good one: the count of failures in a row begins anew. */
  goodLifeMs: number;
  /** This many failures in a row quarantine an agent. */
  failuresMax: number;
  backoffBaseMs: number;
  backoffMaxMs: number;
  /** Who was ended from outside after a life shorter than `shortLifeMs` rests for `outsideRestMs` before the next; who heard no gateway, too, and longer each time. */
  shortLifeMs: number;
  outsideRestMs: number;
  /** Containers of workers at once. */
  workersMax: number;
  /** Steps in one pass; what is left is planned again right after it. */
  stepsMax: number;
  /** How deep workers may start workers; 1: not at all. */
  workersDepthMax: number;
}

/** Five lives in a row, each shorter than two minutes, are "five failures within ten minutes". */
export const planSettings: PlanSettings = {
  heartbeatTimeoutMs: 45_000,
  busyTimeoutMs: 135_000,
  headHeardWithinMs: 15_000,
  startGraceMs: 45_000,
  goodLifeMs: 120_000,
  failuresMax: 5,
  backoffBaseMs: 500,
  backoffMaxMs: 60_000,
  shortLifeMs: 10_000,
  outsideRestMs: 2_000,
  workersMax: 16,
  stepsMax: 32,
  workersDepthMax: 1,
};
