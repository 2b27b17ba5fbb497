import type { FleetFile } from "@aito/protocol";

/** A standing agent's run; a worker's time is its type's in the fleet file. */
export const agentRunSeconds = 600;
/** A run that makes no progress for this long is over: longer than a model may be silent, and than a gateway waits for one. */
export const runLeaseMs = 6 * 60_000;
/** The agent ends its run itself at its limit; what goes on this much longer is ended by the platform. */
export const deadlineGraceMs = 60_000;
/** One run takes up no more work than this; the rest is the next run's. */
export const workPerRunMax = 50;

/** How long one run of this agent may take, in seconds. */
export function runSeconds(file: FleetFile, agent: { kind: "agent" | "worker"; type: string }): number {
  return (agent.kind === "worker" ? file.workers[agent.type]?.timeLimitSeconds : undefined) ?? agentRunSeconds;
}
