import { AitoError } from "@aito/base";
import type { Tx } from "@aito/db";
import type { AgentRow } from "../agents/queries.ts";
import { selectActive, selectRunTasks, selectTaskLines, selectTasksBelow } from "./queries.ts";
import { type ActiveSwitch, coveringSwitch, stoppedText, type Subject } from "./rules.ts";

type Agent = Pick<AgentRow, "id" | "name" | "parent_name" | "department" | "client" | "task_id">;

/**
 * The switch that stops each of these agents: their container is to be killed and nothing of them accepted. An agent that only
 * works on a stopped task at the moment is not among them (`runStop` finds it): its other work goes on.
 */
export async function stopsOf(tx: Tx, agents: Agent[]): Promise<Map<string, ActiveSwitch>> {
  const switches = await selectActive(tx);
  const stops = new Map<string, ActiveSwitch>();
  if (switches.length === 0) return stops;
  const lines = await linesOf(
    tx,
    agents.flatMap((agent) => (agent.task_id ? [agent.task_id] : [])),
  );
  for (const agent of agents) {
    const stop = coveringSwitch(switches, subjectOf(agent, agent.task_id ? [lines.get(agent.task_id)] : []));
    if (stop) stops.set(agent.id, stop);
  }
  return stops;
}

/** The switch that stops what the agent does now: itself, or a task that its open run is about. */
export async function runStop(tx: Tx, agent: Agent): Promise<ActiveSwitch | null> {
  const switches = await selectActive(tx);
  if (switches.length === 0) return null;
  const ids = [...(agent.task_id ? [agent.task_id] : []), ...(await selectRunTasks(tx, agent.id))];
  const lines = await linesOf(tx, ids);
  return coveringSwitch(switches, subjectOf(agent, [...lines.values()]));
}

/** Tasks that nobody may begin now. Read together with the claim, so that what is stopped is not handed out. */
export async function stoppedTasks(tx: Tx): Promise<string[]> {
  const switches = await selectActive(tx);
  const of = (scope: ActiveSwitch["scope"]): string[] =>
    switches.filter((active) => active.scope === scope).map((active) => active.target);
  return await selectTasksBelow(tx, { tasks: of("task"), clients: of("client") });
}

export async function companyStop(tx: Tx): Promise<ActiveSwitch | null> {
  return (await selectActive(tx)).find((active) => active.scope === "company") ?? null;
}

/** Throws AITO_STOPPED (423) when there is a stop. */
export function refuseStopped(stop: ActiveSwitch | null | undefined): void {
  if (!stop) return;
  throw stoppedError(stop);
}

export const stoppedError = (stop: ActiveSwitch): AitoError =>
  new AitoError("AITO_STOPPED", stoppedText(stop), {
    hint: "an operator resumes it with: aito resume",
    status: 423,
    fate: "human",
  });

interface Line {
  tasks: string[];
  clients: string[];
}

async function linesOf(tx: Tx, ids: string[]): Promise<Map<string, Line>> {
  const lines = new Map<string, Line>();
  for (const { task, id, client } of await selectTaskLines(tx, [...new Set(ids)])) {
    const line = lines.get(task) ?? { tasks: [], clients: [] };
    line.tasks.push(id);
    if (client) line.clients.push(client);
    lines.set(task, line);
  }
  return lines;
}

function subjectOf(agent: Agent, lines: (Line | undefined)[]): Subject {
  return {
    agents: agent.parent_name ? [agent.name, agent.parent_name] : [agent.name],
    department: agent.department,
    clients: [...(agent.client ? [agent.client] : []), ...lines.flatMap((line) => line?.clients ?? [])],
    tasks: lines.flatMap((line) => line?.tasks ?? []),
  };
}
