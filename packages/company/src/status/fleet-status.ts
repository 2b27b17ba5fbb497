import { type AgentView, type FleetStatus, microToUsd } from "@aito/protocol";
import { agentView } from "../agents/list-agents.ts";
import { selectAgents } from "../agents/queries.ts";
import { type CompanyDeps, transact } from "../company.ts";
import { budgetLeft } from "../decisions/budget-left.ts";
import { countWaiting } from "../escalations/queries.ts";
import { currentFleet } from "../fleet/current-fleet.ts";
import { selectUpcoming } from "../work/queries.ts";

/** Work that is due before the loop is (a failed run's next try) is what wakes the agent next. */
function soonest(agent: AgentView, work: { at: Date; reason: string } | undefined): AgentView {
  const at = work?.at.toISOString();
  if (!work || !at || (agent.nextWakeAt !== null && agent.nextWakeAt <= at)) return agent;
  return { ...agent, nextWakeAt: at, nextWakeReason: `again: ${work.reason}`.slice(0, 200) };
}

/** The company at a glance, from records; engine and model are added by the program that knows them. */
export async function fleetStatus(deps: CompanyDeps): Promise<Omit<FleetStatus, "engine" | "model">> {
  return await transact(deps, async (unit) => {
    const { file } = await currentFleet(unit);
    const rows = (await selectAgents(unit)).filter((row) => row.desired !== "gone" || row.status !== "inactive");
    const upcoming = new Map((await selectUpcoming(unit)).map((work) => [work.agent, work]));
    const agents = rows.map((row) => soonest(agentView(row), upcoming.get(row.name)));
    const budget = await budgetLeft(unit);
    const next = agents
      .filter((agent) => agent.nextWakeAt !== null)
      .toSorted((a, b) => a.nextWakeAt!.localeCompare(b.nextWakeAt!))[0];
    return {
      fleet: file.name,
      company: file.company,
      agents,
      budget: { usdTotal: microToUsd(budget.totalMicroUsd), usdLeft: microToUsd(budget.leftMicroUsd) },
      nextWake: next ? { agent: next.name, at: next.nextWakeAt!, reason: next.nextWakeReason ?? "loop interval" } : null,
      openEscalations: await countWaiting(unit),
    };
  });
}
