import { approvalDefaults, type FleetFile } from "@aito/protocol";
import { agentRowById } from "../agents/agent-row.ts";
import type { AgentRow } from "../agents/queries.ts";
import type { Permit } from "../autonomy/gate.ts";
import { autonomyOf } from "../autonomy/mode-of.ts";
import type { Unit } from "../company.ts";
import { selectTask } from "../tasks/queries.ts";
import { meetsOf } from "./shield.ts";
import { layersOf } from "./held-tools.ts";
import { toStanding } from "./permissions.ts";
import type { PolicyCall, PolicyFacts } from "./policy.ts";
import { countCalls, countWaiting, lockPermissions, periodStart, selectTaint } from "./queries.ts";

/** Who holds grants: a worker by its type and its task, an agent by its role. */
async function memberOf(unit: Unit, agent: AgentRow): Promise<Parameters<typeof layersOf>[1]> {
  const task = agent.kind === "worker" && agent.task_id ? await selectTask(unit, agent.task_id) : null;
  return { role: agent.type, kind: agent.kind, client: agent.client, task: task?.tools ?? null };
}

/** Whom an agent works for, whom that works for, and so on; nobody for a standing one. */
export async function linesAbove(unit: Unit, agent: AgentRow): Promise<AgentRow[]> {
  const above: AgentRow[] = [];
  for (let each = agent; each.parent_agent_id !== null;) {
    each = await agentRowById(unit, each.parent_agent_id);
    above.push(each);
  }
  return above;
}

const entryOf = (file: FleetFile, { kind, type }: AgentRow) => (kind === "worker" ? file.workers[type] : file.roles[type]);

/** What its member of the fleet holds and sees, by the fleet file as it is now. */
export async function heldBy(
  unit: Unit,
  file: FleetFile,
  { agent, above }: { agent: AgentRow; above: readonly AgentRow[] },
): Promise<Pick<PolicyFacts, "layers" | "sees">> {
  const sees = new Set(entryOf(file, agent)?.sees ?? []);
  // What it is told comes from whom it works for, and from whom that works for.
  for (const each of above) for (const dataClass of meetsOf(file, entryOf(file, each)).sees) sees.add(dataClass);
  return { layers: layersOf(file, await memberOf(unit, agent)), sees: [...sees] };
}

/** A worker acts with the autonomy of whom it works for. */
export const autonomyRole = (agent: AgentRow, above: readonly AgentRow[]): string => (above[0] ?? agent).type;

/** What the records say of an outward call. The agent's row must be locked: its calls are counted one after the other. */
export async function policyFacts(
  unit: Unit,
  file: FleetFile,
  given: { agent: AgentRow; call: PolicyCall & { begin?: unknown }; permitOf: (mode: string) => Promise<Permit | null> },
): Promise<PolicyFacts> {
  const { agent, call } = given;
  const above = await linesAbove(unit, agent);
  const autonomy = autonomyOf(file, autonomyRole(agent, above));
  const rate = file.rates?.[call.tool];
  return {
    ...(await heldBy(unit, file, { agent, above })),
    autonomy,
    taint: await selectTaint(unit, agent.id),
    permit: await given.permitOf(autonomy.mode),
    standing: (await lockPermissions(unit, { tool: call.tool, role: agent.type })).map(toStanding),
    rate: rate
      ? {
          used: await countCalls(unit, {
            agentId: agent.id,
            tool: call.tool,
            since: periodStart(rate.per, unit.now),
            apart: call.begin !== undefined,
          }),
          times: rate.times,
          per: rate.per,
        }
      : null,
    waiting: { now: await countWaiting(unit, agent.id), max: (file.approvals ?? approvalDefaults).waitingMax },
  };
}
