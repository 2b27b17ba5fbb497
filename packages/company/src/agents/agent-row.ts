import { AitoError } from "@aito/base";
import type { Tx } from "@aito/db";
import { type AgentRow, selectAgentById, selectAgentByName } from "./queries.ts";

/** The agent of that name. Throws AITO_AGENT_UNKNOWN. */
export async function agentRow(tx: Tx, name: string, options: { lock?: boolean } = {}): Promise<AgentRow> {
  const row = await selectAgentByName(tx, name, options.lock);
  if (row) return row;
  throw new AitoError("AITO_AGENT_UNKNOWN", `there is no agent named "${name}"`, {
    hint: "see the names with: aito agents",
    status: 404,
  });
}

/** The agent with that id. Throws AITO_AGENT_UNKNOWN. */
export async function agentRowById(tx: Tx, id: string, options: { lock?: boolean } = {}): Promise<AgentRow> {
  const row = await selectAgentById(tx, id, options.lock);
  if (row) return row;
  throw new AitoError("AITO_AGENT_UNKNOWN", `there is no agent with id ${id}`, { status: 404 });
}
