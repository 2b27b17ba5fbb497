import { AitoError } from "@aito/base";
import type { Tx } from "@aito/db";
import type { AgentRow } from "../agents/queries.ts";
import { agentRowById } from "../agents/agent-row.ts";
import { selectActive, selectAgentLines, selectCallTasks, selectRunTasks, selectTaskLines, selectTasksBelow } from "./queries.ts";
import { type ActiveSwitch, coveringSwitch, stoppedText, subjectOf, type TaskLine } from "./rules.ts";

type Agent = Pick<AgentRow, "id" | "name" | "department" | "client" | "task_id">;

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
  const above = await agentLines(tx, switches, agents);
  for (const agent of agents) {
    const line = agent.task_id ? lines.get(agent.task_id) : undefined;
    const stop = coveringSwitch(switches, subjectOf(agent, { agents: above.get(agent.id) ?? [], tasks: line ? [line] : [] }));
    if (stop) stops.set(agent.id, stop);
  }
  return stops;
}

/** The switch that stops what the agent does now: itself, a task that its open run is about, or the one that it `names`. */
export async function runStop(tx: Tx, agent: Agent, names: string | null = null): Promise<ActiveSwitch | null> {
  const switches = await selectActive(tx);
  if (switches.length === 0) return null;
  return await stopIn(tx, switches, {
    agent,
    tasks: [...(await selectRunTasks(tx, agent.id)), ...(names === null ? [] : [names])],
  });
}

/** A call that was asked for in one run and may have its effect long after it. */
interface AskedCall {
  agent_id: string;
  run_id: string | null;
  task_id: string | null;
  receipt_id: string | null;
}

/** The switch that stops such a call: on who asked for it, or on a task that it was asked for. */
export async function callStop(tx: Tx, call: AskedCall): Promise<ActiveSwitch | null> {
  const switches = await selectActive(tx);
  if (switches.length === 0) return null;
  const agent = await agentRowById(tx, call.agent_id);
  return await stopIn(tx, switches, { agent, tasks: await selectCallTasks(tx, call) });
}

async function stopIn(
  tx: Tx,
  switches: ActiveSwitch[],
  { agent, tasks }: { agent: Agent; tasks: string[] },
): Promise<ActiveSwitch | null> {
  const lines = await linesOf(tx, [...(agent.task_id ? [agent.task_id] : []), ...tasks]);
  const above = (await agentLines(tx, switches, [agent])).get(agent.id) ?? [];
  return coveringSwitch(switches, subjectOf(agent, { agents: above, tasks: [...lines.values()] }));
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

async function linesOf(tx: Tx, ids: string[]): Promise<Map<string, TaskLine>> {
  const lines = new Map<string, TaskLine>();
  for (const { task, id, client } of await selectTaskLines(tx, [...new Set(ids)])) {
    const line = lines.get(task) ?? { tasks: [], clients: [] };
    line.tasks.push(id);
    if (client) line.clients.push(client);
    lines.set(task, line);
  }
  return lines;
}

/** By agent's id, the names of all that it works for; looked up only where a switch names an agent. */
async function agentLines(tx: Tx, switches: ActiveSwitch[], agents: Agent[]): Promise<Map<string, string[]>> {
  const lines = new Map<string, string[]>();
  if (!switches.some(({ scope }) => scope === "agent")) return lines;
  const found = await selectAgentLines(
    tx,
    agents.map(({ id }) => id),
  );
  for (const { agent, name } of found) lines.set(agent, [...(lines.get(agent) ?? []), name]);
  return lines;
}
