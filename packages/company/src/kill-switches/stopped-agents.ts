import { agentRowById } from "../agents/agent-row.ts";
import { selectAgents } from "../agents/queries.ts";
import type { CompanyDeps } from "../company.ts";
import { runStop, stopsOf } from "./find-stop.ts";
import { selectActive } from "./queries.ts";
import type { ActiveSwitch } from "./rules.ts";

/** By agent's name, what stops it. One small statement while no switch is on. */
export async function stoppedAgents(deps: CompanyDeps): Promise<Map<string, ActiveSwitch>> {
  return await deps.db.transaction({ companyId: deps.companyId }, async (tx) => {
    if ((await selectActive(tx)).length === 0) return new Map();
    const agents = await selectAgents(tx);
    const stops = await stopsOf(tx, agents);
    return new Map(agents.flatMap((agent) => (stops.has(agent.id) ? [[agent.name, stops.get(agent.id)!]] : [])));
  });
}

/** Of these agents with something under way, those whose present doing is stopped, with the switch. */
export async function stoppedRuns(deps: CompanyDeps, agentIds: string[]): Promise<Map<string, ActiveSwitch>> {
  return await deps.db.transaction({ companyId: deps.companyId }, async (tx) => {
    const stops = new Map<string, ActiveSwitch>();
    if ((await selectActive(tx)).length === 0) return stops;
    for (const id of agentIds) {
      const stop = await runStop(tx, await agentRowById(tx, id));
      if (stop) stops.set(id, stop);
    }
    return stops;
  });
}
