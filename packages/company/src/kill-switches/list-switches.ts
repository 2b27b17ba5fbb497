import type { Tx } from "@aito/db";
import { switchLabel, type SwitchView } from "@aito/protocol";
import { selectAgents } from "../agents/queries.ts";
import { type CompanyDeps, transact } from "../company.ts";
import { stopsOf } from "./find-stop.ts";
import { selectSwitches, type SwitchRow } from "./queries.ts";

const listedMax = 500;

/** The switches that are on, newest first; `withResumed` also those that were. */
export async function listSwitches(deps: CompanyDeps, options: { withResumed?: boolean } = {}): Promise<SwitchView[]> {
  return await transact(deps, async (unit) => {
    const rows = await selectSwitches(unit, { withResumed: options.withResumed ?? false, limit: listedMax });
    const views: SwitchView[] = [];
    for (const row of rows) views.push(await viewOf(unit, row));
    return views;
  });
}

/** An agent under several switches is named at the widest. */
export async function viewOf(tx: Tx, row: SwitchRow): Promise<SwitchView> {
  const agents = row.resumed_at ? [] : await selectAgents(tx);
  const stops = agents.length === 0 ? new Map() : await stopsOf(tx, agents);
  return {
    id: row.id,
    scope: row.scope,
    target: row.target,
    label: switchLabel(row),
    reason: row.reason,
    pressedBy: row.pressed_by,
    pressedFrom: row.pressed_from,
    pressedAt: row.pressed_at.toISOString(),
    resumedBy: row.resumed_by,
    resumedFrom: row.resumed_from,
    resumedAt: row.resumed_at?.toISOString() ?? null,
    resumeReason: row.resume_reason,
    agents: agents.filter((agent) => stops.get(agent.id)?.id === row.id).map((agent) => agent.name),
  };
}
