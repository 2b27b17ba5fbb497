import { type AgentView, type FleetStatus, microToUsd, type SwitchView } from "@aito/protocol";
import { agentView } from "../agents/list-agents.ts";
import { selectAgents } from "../agents/queries.ts";
import { type CompanyDeps, transact } from "../company.ts";
import { selectOpenAlerts } from "../alerts/queries.ts";
import { budgetLeft } from "../decisions/budget-left.ts";
import { countWaiting } from "../escalations/queries.ts";
import { stopsOf } from "../kill-switches/find-stop.ts";
import { viewOf } from "../kill-switches/list-switches.ts";
import { selectSwitches } from "../kill-switches/queries.ts";
import { currentFleet } from "../fleet/current-fleet.ts";
import { openTerm } from "../succession/queries.ts";
import { selectUpcoming } from "../work/queries.ts";

const switchesMax = 50;
const alertsMax = 100;

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
    const stops = await stopsOf(unit, rows);
    const term = await openTerm(unit);
    const alerts = await selectOpenAlerts(unit, alertsMax);
    const agents = rows.map((row) => soonest(agentView(row, { lead: term, stop: stops.get(row.id) }), upcoming.get(row.name)));
    const switches: SwitchView[] = [];
    for (const on of await selectSwitches(unit, { withResumed: false, limit: switchesMax }))
      switches.push(await viewOf(unit, on));
    const stopped = new Set(rows.filter((row) => stops.has(row.id)).map((row) => row.name));
    const budget = await budgetLeft(unit);
    const next = agents
      .filter((agent) => agent.nextWakeAt !== null && !stopped.has(agent.name))
      .toSorted((a, b) => a.nextWakeAt!.localeCompare(b.nextWakeAt!))[0];
    return {
      fleet: file.name,
      company: file.company,
      agents,
      budget: { usdTotal: microToUsd(budget.totalMicroUsd), usdLeft: microToUsd(budget.leftMicroUsd) },
      nextWake: next ? { agent: next.name, at: next.nextWakeAt!, reason: next.nextWakeReason ?? "loop interval" } : null,
      openEscalations: await countWaiting(unit),
      switches,
      lead: term && {
        name: term.lead,
        acting: term.acting,
        term: String(term.term),
        since: term.began_at.toISOString(),
        reason: term.reason,
      },
      alerts: alerts.map(({ kind, subject, title, detail, opened_at }) => ({
        kind,
        subject,
        title,
        detail,
        openedAt: opened_at.toISOString(),
      })),
      clients: Object.keys(file.clients ?? {}),
    };
  });
}
