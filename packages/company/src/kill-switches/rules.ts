import { type SwitchScope, switchLabel } from "@aito/protocol";

/** A switch that is on. */
export interface ActiveSwitch {
  id: string;
  scope: SwitchScope;
  /** Empty for the company; else a client's slug, a department, `agents.name`, a task's id. */
  target: string;
  reason: string;
  pressedBy: string;
  pressedAt: Date;
}

/** What a switch may cover: an agent, a call that it makes, or a task that nobody has begun. */
export interface Subject {
  /** The agent and, for a worker, everybody above it: whom it works for, whom that one works for, up to the standing agent. */
  agents: string[];
  department: string | null;
  /** Of the agent and of every task in `tasks`. */
  clients: string[];
  /** The task that is worked on and those above it. */
  tasks: string[];
}

/** A task and those above it, and the clients of all of them. */
export interface TaskLine {
  tasks: string[];
  clients: string[];
}

/** `above.agents`: the names of all that it works for; `above.tasks`: the lines of what it does. */
export const subjectOf = (
  agent: { name: string; department: string | null; client: string | null },
  above: { agents: string[]; tasks: TaskLine[] },
): Subject => ({
  agents: [agent.name, ...above.agents],
  department: agent.department,
  clients: [...(agent.client ? [agent.client] : []), ...above.tasks.flatMap(({ clients }) => clients)],
  tasks: above.tasks.flatMap(({ tasks }) => tasks),
});

/** Departments are written by people: `marketing` and `Marketing ` are one. */
export const departmentKey = (name: string): string => name.trim().toLowerCase();

export function covers(active: Pick<ActiveSwitch, "scope" | "target">, subject: Subject): boolean {
  switch (active.scope) {
    case "company":
      return true;
    case "client":
      return subject.clients.includes(active.target);
    case "department":
      return subject.department !== null && departmentKey(subject.department) === departmentKey(active.target);
    case "agent":
      return subject.agents.includes(active.target);
    case "task":
      return subject.tasks.includes(active.target);
    default:
      return active.scope satisfies never;
  }
}

const widestFirst: SwitchScope[] = ["company", "client", "department", "agent", "task"];

/** The switch that stops the subject, the widest of several; null when none does. */
export function coveringSwitch<S extends Pick<ActiveSwitch, "scope" | "target">>(switches: S[], subject: Subject): S | null {
  return (
    switches
      .filter((active) => covers(active, subject))
      .toSorted((a, b) => widestFirst.indexOf(a.scope) - widestFirst.indexOf(b.scope))[0] ?? null
  );
}

/** What status, `why` and refusals say. */
export const stoppedText = (by: Pick<ActiveSwitch, "scope" | "target" | "reason" | "pressedBy">): string =>
  `stopped by the kill switch "${switchLabel(by)}" (${by.pressedBy}: ${by.reason})`;
