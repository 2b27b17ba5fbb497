import { type CompanyDeps, transact } from "../company.ts";
import { selectAgents } from "../agents/queries.ts";
import { stopsOf } from "../kill-switches/find-stop.ts";
import { currentLead } from "../succession/current-lead.ts";
import { assignWork, selectOpenWork, selectUnassigned, selectWork } from "./queries.ts";
import { channels } from "@aito/protocol";

const openWorkRowsMax = 10_000;

/** Everything that waits unclaimed, from which queue hints are rebuilt after a flush. `agent` null: urgent and unassigned. */
export async function openWork(
  deps: CompanyDeps,
): Promise<{ id: string; agent: string | null; priority: number; urgent: boolean }[]> {
  return await transact(deps, (unit) => selectOpenWork(unit, openWorkRowsMax));
}

/**
 * Names an agent for an urgent item: the lead, or the other head when only that one has nothing to do; else a standing agent, who has
 * nothing to do first. An acting lead gets it, busy or not: the one that it acts for is lost, or not yet trusted again, and gets it
 * only when nobody else is active. Returns the agent's name, or null when the item is gone, taken, or nobody is active who may run (it stays urgent
 * and is tried again).
 */
export async function assignUrgent(deps: CompanyDeps, workId: string): Promise<string | null> {
  return await transact(deps, async (unit) => {
    const work = await selectWork(unit, workId);
    if (!work || work.done_at || work.agent_id) return null;
    const agents = await selectAgents(unit);
    const stops = await stopsOf(unit, agents);
    const active = agents.filter(
      (agent) => agent.kind === "agent" && agent.status === "active" && agent.held === null && !stops.has(agent.id),
    );
    const lead = await currentLead(unit);
    const heads = active
      .filter((agent) => agent.is_head && (!lead.acting || agent.name === lead.name))
      .toSorted((a, b) => Number(b.name === lead.name) - Number(a.name === lead.name));
    const others = active.filter((agent) => !agent.is_head);
    const idleFirst = [heads, others].flatMap((group) => group.toSorted((a, b) => Number(!!a.doing) - Number(!!b.doing)));
    const chosen = idleFirst[0] ?? active[0];
    if (!chosen || !(await assignWork(unit, workId, chosen.id))) return null;
    await unit.hint(chosen.name, workId, work.priority);
    await unit.ring(channels.agent(chosen.name), { work: work.kind, ref: work.ref });
    await unit.event({
      type: "work.assigned",
      source: "system",
      target: chosen.name,
      payload: { work: workId, reason: work.reason },
    });
    return chosen.name;
  });
}

const unassignedRowsMax = 200;

/** Urgent items that still have no agent. */
export async function unassignedWork(deps: CompanyDeps): Promise<string[]> {
  return await deps.db.transaction({ companyId: deps.companyId }, (tx) => selectUnassigned(tx, unassignedRowsMax));
}
