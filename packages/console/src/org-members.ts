import type { AgentView, OrgSeat } from "@aito/protocol";

/** A role, or a worker, and whom it stands under; null at the top. */
export interface OrgMember {
  name: string;
  under: string | null;
  /** Of a role. */
  seat: OrgSeat | undefined;
  /** How it is; undefined for a role that nobody fills. */
  agent: AgentView | undefined;
}

/**
 * Who stands under whom: roles under whom they report to, workers under whom they work for. Everybody has a place: who reports to
 * somebody unknown, to itself, or in a ring stands at the top.
 */
export function orgMembers(seats: readonly OrgSeat[], agents: readonly AgentView[]): OrgMember[] {
  const agentOf = new Map(agents.map((agent) => [agent.name, agent]));
  const members = new Map<string, OrgMember>();
  for (const seat of seats)
    members.set(seat.role, { name: seat.role, under: seat.reportsTo, seat, agent: agentOf.get(seat.role) });
  for (const agent of agents) {
    if (agent.kind === "worker" && !members.has(agent.name))
      members.set(agent.name, { name: agent.name, under: agent.parentAgent, seat: undefined, agent });
  }
  for (const member of members.values()) if (!standsUnder(members, member)) member.under = null;
  return [...members.values()];
}

/** Whether its way up is its own: to somebody known, and not back to itself. Below a ring it is; the ring is cut where its first one stands. */
function standsUnder(members: ReadonlyMap<string, OrgMember>, member: OrgMember): boolean {
  const seen = new Set<string>();
  let above = member.under;
  if (above === null || !members.has(above)) return false;
  while (above !== null && !seen.has(above)) {
    if (above === member.name) return false;
    seen.add(above);
    above = members.get(above)?.under ?? null;
  }
  return true;
}
