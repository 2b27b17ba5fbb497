import type { AgentView, FleetStatus } from "@aito/protocol";

/** Where something is mended. */
export type MendedAt = { page: "task"; id: string } | { page: "agent"; name: string } | { page: "fleet" | "costs" | "tools" };

/** Something that is not as it should be, and stays so until somebody does something. */
export interface StandingProblem {
  key: string;
  title: string;
  detail: string | null;
  since: string | null;
  at: MendedAt;
}

const aTask = /^task ([0-9a-f-]{36})$/;
/** These only ask for an answer, and stand among what waits for one. */
const questions = new Set(["approval", "tool"]);

function mendedAt({ kind, subject }: { kind: string; subject: string }): MendedAt {
  const task = aTask.exec(subject)?.[1];
  if (task !== undefined) return { page: "task", id: task };
  switch (kind) {
    case "quarantine":
    case "bus":
    case "work":
      return { page: "agent", name: subject };
    case "budget":
    case "anomaly":
      return { page: "costs" };
    case "breaker":
      return { page: "tools" };
    default:
      return { page: "fleet" };
  }
}

/** An agent that is not started again by itself has an alert of its own. */
const agentProblem = ({ name, statusReason }: AgentView): StandingProblem => ({
  key: `agent ${name}`,
  title: `${name} does not run`,
  detail: statusReason,
  since: null,
  at: { page: "agent", name },
});

/** What is wrong with the company now, each once, and where it is mended. */
export function standingProblems({ agents, alerts = [] }: Pick<FleetStatus, "agents" | "alerts">): StandingProblem[] {
  const told = alerts.filter(({ kind }) => !questions.has(kind));
  const quarantined = new Set(told.filter(({ kind }) => kind === "quarantine").map(({ subject }) => subject));
  const broken = agents.filter(({ name, status }) => status === "error" && !quarantined.has(name));
  const ofAlerts = told.map((alert): StandingProblem => ({
    key: `${alert.kind} ${alert.subject}`,
    title: alert.title,
    detail: alert.detail ?? null,
    since: alert.openedAt,
    at: mendedAt(alert),
  }));
  return [...ofAlerts, ...broken.map(agentProblem)];
}
