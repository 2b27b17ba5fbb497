import { channels } from "@aito/protocol";
import { type CompanyDeps, transact } from "../company.ts";
import { agentRow } from "./agent-row.ts";
import { revokeSessions, updateAgent } from "./queries.ts";
import { selectOpenRun } from "./plan-queries.ts";

/**
 * Ends an incarnation that is to be replaced although nothing is wrong with it (its configuration changed). From the first call on
 * it is given no new run; as soon as the open one has ended, its sessions end and the next incarnation may start at once, without
 * a failure being counted: failures are counted anew for what it is replaced for (`digest`). Returns false while a run is open, or
 * when the epoch is over.
 */
export async function replaceIncarnation(
  deps: CompanyDeps,
  input: { agent: string; epoch: number; reason: string; digest: string },
): Promise<boolean> {
  return await transact(deps, async (unit) => {
    const agent = await agentRow(unit, input.agent, { lock: true });
    if (agent.epoch !== input.epoch || agent.desired !== "running") return false;
    if (!agent.replacing) await updateAgent(unit, agent.id, { replacing: true });
    if (await selectOpenRun(unit, agent.id)) return false;
    await revokeSessions(unit, agent.id);
    await updateAgent(unit, agent.id, {
      status: "inactive",
      status_reason: input.reason,
      container_id: null,
      doing: null,
      retry_at: null,
      failures: 0,
      change_digest: input.digest,
    });
    await unit.event({
      type: "agent.replaced",
      source: "system",
      target: agent.name,
      payload: { epoch: input.epoch, reason: input.reason },
    });
    return true;
  });
}

/**
 * Takes back that an incarnation is to be replaced (its configuration is the wanted one again, or the rollout stopped): it is given
 * runs again, its container stays. Returns false when nothing was to be taken back, or the epoch is over.
 */
export async function keepIncarnation(
  deps: CompanyDeps,
  input: { agent: string; epoch: number; reason: string },
): Promise<boolean> {
  return await transact(deps, async (unit) => {
    const agent = await agentRow(unit, input.agent, { lock: true });
    if (agent.epoch !== input.epoch || !agent.replacing) return false;
    await updateAgent(unit, agent.id, { replacing: false });
    await unit.event({
      type: "agent.kept",
      source: "system",
      target: agent.name,
      payload: { epoch: input.epoch, reason: input.reason },
    });
    // A poll that is parked looks again.
    await unit.ring(channels.agent(agent.name), { reason: "kept" });
    return true;
  });
}
