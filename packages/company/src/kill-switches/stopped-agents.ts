import { agentRowById } from "../agents/agent-row.ts";
import { selectAgents } from "../agents/queries.ts";
import type { CompanyDeps } from "../company.ts";
import { selectApproval } from "../approvals/queries.ts";
import { callStop, runStop, stopsOf } from "./find-stop.ts";
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

/** What goes on now: by the agent whose run it is part of, or by the approval that it is written down as. */
interface UnderWay {
  agents: string[];
  approvals: string[];
}

/** Of what is under way, by the same ids, what a switch covers. */
export async function stoppedNow(deps: CompanyDeps, underWay: UnderWay): Promise<Map<string, ActiveSwitch>> {
  return await deps.db.transaction({ companyId: deps.companyId }, async (tx) => {
    const stops = new Map<string, ActiveSwitch>();
    if ((await selectActive(tx)).length === 0) return stops;
    for (const id of underWay.agents) {
      const stop = await runStop(tx, await agentRowById(tx, id));
      if (stop) stops.set(id, stop);
    }
    for (const id of underWay.approvals) {
      const call = await selectApproval(tx, id);
      const stop = call && (await callStop(tx, call));
      if (stop) stops.set(id, stop);
    }
    return stops;
  });
}
