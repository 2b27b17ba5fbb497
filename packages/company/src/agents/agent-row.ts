import { AitoError } from "@aito/base";
import type { Tx } from "@aito/db";
import { type AgentName, type AgentRow, selectAgentById, selectAgentByName, selectAgentNames } from "./queries.ts";

/** The agent of that name. Throws AITO_AGENT_UNKNOWN. */
export async function agentRow(tx: Tx, name: string, options: { lock?: boolean } = {}): Promise<AgentRow> {
  const row = await selectAgentByName(tx, name, options.lock);
  return row ?? unknown(name);
}

function unknown(name: string): never {
  throw unknownAgent(name);
}

export const unknownAgent = (name: string): AitoError =>
  new AitoError("AITO_AGENT_UNKNOWN", `there is no agent named "${name}"`, {
    hint: "see the names with: aito agents",
    status: 404,
  });

/** Who these agents are, in this order. Throws AITO_AGENT_UNKNOWN for the first that is not there. */
export async function agentsNamed(tx: Tx, names: readonly string[]): Promise<AgentName[]> {
  if (names.length === 0) return [];
  const found = new Map((await selectAgentNames(tx, names)).map((agent) => [agent.name, agent]));
  return names.map((name) => found.get(name) ?? unknown(name));
}

/** The agent with that id. Throws AITO_AGENT_UNKNOWN. */
export async function agentRowById(tx: Tx, id: string, options: { lock?: boolean } = {}): Promise<AgentRow> {
  const row = await selectAgentById(tx, id, options.lock);
  if (row) return row;
  throw new AitoError("AITO_AGENT_UNKNOWN", `there is no agent with id ${id}`, { status: 404 });
}
