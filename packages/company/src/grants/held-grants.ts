import type { DataClass } from "@aito/protocol";
import { agentRowById } from "../agents/agent-row.ts";
import type { AgentSession } from "../agents/session.ts";
import { type CompanyDeps, transact } from "../company.ts";
import { currentFleet } from "../fleet/current-fleet.ts";
import type { GrantLayers } from "./held-tools.ts";
import { heldBy, linesAbove } from "./policy-facts.ts";

/** What a member may hold, and the data that it sees besides. */
export interface HeldGrants {
  layers: GrantLayers;
  sees: readonly DataClass[];
}

export async function heldGrants(deps: CompanyDeps, session: Pick<AgentSession, "agentId">): Promise<HeldGrants> {
  return await transact(deps, async (unit) => {
    const { file } = await currentFleet(unit);
    const agent = await agentRowById(unit, session.agentId);
    return await heldBy(unit, file, { agent, above: await linesAbove(unit, agent) });
  });
}
