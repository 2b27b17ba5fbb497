import type { AgentView, FleetStatus } from "@aito/protocol";

export interface Awaited {
  /** Standing agents that a start makes active, and those of them that are not yet. */
  wanted: AgentView[];
  missing: AgentView[];
  /** Who stays as it was, in words, each with what lets it go on. */
  beside: string[];
}

const quoted = (agents: readonly AgentView[]): string => agents.map(({ name }) => name).join(", ");

/**
 * Pure: whom a start waits for. A start is no resume: who is under a kill switch, held stopped by an operator, or was quarantined before it
 * stays so, and keeps nobody else from work. `heardSince`: heartbeats and alerts before then are an earlier start's.
 */
export function awaited(status: Pick<FleetStatus, "agents" | "switches" | "alerts">, heardSince: string): Awaited {
  const since = Date.parse(heardSince);
  const switched = new Set(status.switches.flatMap((on) => on.agents));
  const looped = new Set(
    (status.alerts ?? []).flatMap(({ kind, subject, openedAt }) =>
      kind === "quarantine" && Date.parse(openedAt) < since ? [subject] : [],
    ),
  );
  const members = status.agents.filter(({ kind }) => kind === "agent");
  const stopped = members.filter(({ name }) => switched.has(name));
  const rest = members.filter(({ name }) => !switched.has(name));
  const held = rest.filter((agent) => agent.held?.as === "stopped");
  const others = rest.filter((agent) => !held.includes(agent));
  const inLoop = others.filter(({ name, status: now }) => looped.has(name) && now === "error");
  // Where nobody else is left, something is wrong with all of them, and a start that says so is no success.
  const quarantined = inLoop.length < others.length ? inLoop : [];
  const wanted = others.filter((agent) => !quarantined.includes(agent));
  return {
    wanted,
    missing: wanted.filter(({ status: now, lastHeartbeat }) => now !== "active" || !(Date.parse(lastHeartbeat ?? "") >= since)),
    beside: [
      ...(stopped.length > 0 ? [`${stopped.length} stopped by a kill switch (aito switches)`] : []),
      ...(held.length > 0 ? [`held stopped by an operator: ${quoted(held)} (aito agents start NAME)`] : []),
      ...(quarantined.length > 0 ? [`quarantined: ${quoted(quarantined)} (aito why NAME, then aito agents restart NAME)`] : []),
    ],
  };
}
