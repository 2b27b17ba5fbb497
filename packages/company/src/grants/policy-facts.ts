import { approvalDefaults, type FleetFile } from "@aito/protocol";
import { agentRowById } from "../agents/agent-row.ts";
import type { AgentRow } from "../agents/queries.ts";
import type { Permit } from "../autonomy/gate.ts";
import { autonomyOf } from "../autonomy/mode-of.ts";
import type { Unit } from "../company.ts";
import { selectTask } from "../tasks/queries.ts";
import { layersOf } from "./held-tools.ts";
import { toStanding } from "./permissions.ts";
import type { PolicyCall, PolicyFacts } from "./policy.ts";
import { countCalls, countWaiting, lockPermissions, periodStart, selectTaint } from "./queries.ts";

/** Who holds grants: a worker by its type and its task, an agent by its role. */
export async function memberOf(unit: Unit, agent: AgentRow): Promise<Parameters<typeof layersOf>[1]> {
  const task = agent.kind === "worker" && agent.task_id ? await selectTask(unit, agent.task_id) : null;
  return { role: agent.type, kind: agent.kind, client: agent.client, task: task?.tools ?? null };
}

/** A worker acts with the autonomy of whom it works for. */
export async function autonomyRole(unit: Unit, agent: AgentRow): Promise<string> {
  return agent.parent_agent_id ? (await agentRowById(unit, agent.parent_agent_id)).type : agent.type;
}

/** What the records say of an outward call. The agent's row must be locked: its calls are counted one after the other. */
export async function policyFacts(
  unit: Unit,
  file: FleetFile,
  given: { agent: AgentRow; call: PolicyCall; permitOf: (mode: string) => Promise<Permit | null> },
): Promise<PolicyFacts> {
  const { agent, call } = given;
  const autonomy = autonomyOf(file, await autonomyRole(unit, agent));
  const rate = file.rates?.[call.tool];
  const entry = agent.kind === "worker" ? file.workers[agent.type] : file.roles[agent.type];
  return {
    layers: layersOf(file, await memberOf(unit, agent)),
    sees: entry?.sees ?? [],
    autonomy,
    taint: await selectTaint(unit, agent.id),
    permit: await given.permitOf(autonomy.mode),
    standing: (await lockPermissions(unit, { tool: call.tool, role: agent.type })).map(toStanding),
    rate: rate
      ? {
          used: await countCalls(unit, { agentId: agent.id, tool: call.tool, since: periodStart(rate.per, unit.now) }),
          times: rate.times,
          per: rate.per,
        }
      : null,
    waiting: { now: await countWaiting(unit, agent.id), max: (file.approvals ?? approvalDefaults).waitingMax },
  };
}
