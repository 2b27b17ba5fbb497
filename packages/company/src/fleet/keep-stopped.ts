import { switchLabel } from "@aito/protocol";
import { selectAgents } from "../agents/queries.ts";
import type { Unit } from "../company.ts";
import { stopsOf } from "../kill-switches/find-stop.ts";
import { pressIn } from "../kill-switches/press-switch.ts";
import type { ActiveSwitch } from "../kill-switches/rules.ts";

/** By the names of standing agents, the switch that covers each. */
export async function stopsByName(unit: Unit): Promise<Map<string, ActiveSwitch>> {
  const agents = (await selectAgents(unit)).filter(({ kind }) => kind === "agent");
  const stops = await stopsOf(unit, agents);
  return new Map(agents.flatMap(({ id, name }) => (stops.has(id) ? [[name, stops.get(id)!]] : [])));
}

/**
 * Another department or client in the fleet file is no resumption: who was stopped by its old one's switch, and is covered by none any
 * more, is stopped by one of its own.
 */
export async function keepStopped(unit: Unit, before: ReadonlyMap<string, ActiveSwitch>): Promise<void> {
  if (before.size === 0) return;
  const now = await stopsByName(unit);
  for (const [name, stop] of before) {
    if (now.has(name)) continue;
    const reason = `the fleet file moved it out of what the kill switch "${switchLabel(stop)}" covers: ${stop.reason}`;
    await pressIn(unit, { scope: "agent", target: name, reason }, { by: "system", from: "a change of the fleet file" });
  }
}
