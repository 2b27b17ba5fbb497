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
  /** Not started before this. Null with status `error` and `failuresMax` failures: quarantined until an operator restarts it. */
  retryAt: Date | null;
  lastHeartbeat: Date | null;
  /** When the current incarnation began. */
  startedAt: Date | null;
}

/** A container as the engine lists it, living or dead. */
export interface PlanContainer {
  id: string;
  agent: string;
  epoch: number;
  state: string;
  exitCode: number | null;
  oomKilled: boolean;
}

export interface PlanSettings {
  /** A running agent that was not heard for this long hangs. */
  heartbeatTimeoutMs: number;
  /** A new incarnation may be silent for this long. */
  startGraceMs: number;
  /** A life at least this long was a good one: the count of failures in a row begins anew. */
  goodLifeMs: number;
  /** This many failures in a row quarantine an agent. */
  failuresMax: number;
  backoffBaseMs: number;
  backoffMaxMs: number;
  /** Containers of workers at once. */
  workersMax: number;
}

/** Five lives in a row, each shorter than two minutes, are "five failures within ten minutes". */
export const planSettings: PlanSettings = {
  heartbeatTimeoutMs: 45_000,
  startGraceMs: 45_000,
  goodLifeMs: 120_000,
  failuresMax: 5,
  backoffBaseMs: 500,
  backoffMaxMs: 60_000,
  workersMax: 16,
};
