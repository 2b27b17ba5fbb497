import { channels } from "@aito/protocol";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { loseRuns } from "../runs/queries.ts";
import { reopenWork } from "../work/queries.ts";
import { agentRow } from "./agent-row.ts";
import { type AgentRow, insertSession, revokeSessions, setDesired, updateAgent } from "./queries.ts";

/**
 * Opens the next incarnation: epoch + 1, the hash of its one-time token, every earlier session revoked. Done before the
 * container is made, so that a crash in between leaves a token that nobody has.
 */
export async function beginIncarnation(
  deps: CompanyDeps,
  input: { agent: string; tokenHash: string },
): Promise<{ epoch: number }> {
  return await transact(deps, async (unit) => {
    const agent = await agentRow(unit, input.agent, { lock: true });
    const epoch = agent.epoch + 1;
    await revokeSessions(unit, agent.id);
    await insertSession(unit, { id: unit.newId(), agentId: agent.id, epoch, tokenHash: input.tokenHash });
    await closeOpenRuns(unit, agent, "a new incarnation started");
    await updateAgent(unit, agent.id, {
      epoch,
      status: "starting",
      status_reason: null,
      container_id: null,
      doing: null,
      last_heartbeat: null,
      started_at: unit.now,
      restarts: agent.epoch === 0 ? 0 : agent.restarts + 1,
    });
    await unit.event({ type: "agent.starting", source: "system", target: agent.name, payload: { epoch } });
    return { epoch };
  });
}

/** Records the container of the current epoch; a stale epoch changes nothing (returns false). */
export async function attachContainer(
  deps: CompanyDeps,
  input: { agent: string; epoch: number; containerId: string },
): Promise<boolean> {
  return await transact(deps, async (unit) => {
    const agent = await agentRow(unit, input.agent, { lock: true });
    if (agent.epoch !== input.epoch) return false;
    if (agent.container_id === input.containerId) return true;
    await updateAgent(unit, agent.id, { container_id: input.containerId });
    await unit.event({
      type: "agent.container",
      source: "system",
      target: agent.name,
      payload: { epoch: input.epoch, containerId: input.containerId },
    });
    return true;
  });
}

/**
 * The incarnation is gone (exited, killed, hung, start failed). Its run is lost and the run's work is open again for the next.
 * `retryAt` null: not to be started again by itself.
 */
export async function incarnationLost(
  deps: CompanyDeps,
  input: {
    agent: string;
    epoch: number;
    reason: string;
    retryAt: Date | null;
    wanted: boolean;
    failures: number;
    logTail?: string;
  },
): Promise<void> {
  await transact(deps, async (unit) => {
    const agent = await agentRow(unit, input.agent, { lock: true });
    if (agent.epoch !== input.epoch) return;
    await revokeSessions(unit, agent.id);
    await closeOpenRuns(unit, agent, input.reason, input.logTail);
    await updateAgent(unit, agent.id, {
      status: input.wanted ? "error" : "inactive",
      status_reason: input.wanted ? input.reason : null,
      container_id: null,
      doing: null,
      failures: input.failures,
      retry_at: input.retryAt,
    });
    await unit.event({
      type: input.wanted ? "agent.lost" : "agent.stopped",
      source: "system",
      target: agent.name,
      payload: { epoch: input.epoch, reason: input.reason },
    });
  });
}

async function closeOpenRuns(unit: Unit, agent: AgentRow, reason: string, logTail = ""): Promise<void> {
  await loseRuns(unit, agent.id, reason, logTail);
  await reopenWork(unit, agent.id);
}

/** A running fleet keeps its agents; a stopped one ends them and starts none until `startAll`. */
export async function stopAll(deps: CompanyDeps, by: string): Promise<void> {
  await transact(deps, async (unit) => {
    await setDesired(unit, "stopped");
    await unit.event({ type: "fleet.stopped", source: by, payload: {} });
    await unit.ring(channels.orchestrator, { reason: "stop" });
  });
}

export async function startAll(deps: CompanyDeps, by: string): Promise<void> {
  await transact(deps, async (unit) => {
    await setDesired(unit, "running");
    await unit.event({ type: "fleet.started", source: by, payload: {} });
    await unit.ring(channels.orchestrator, { reason: "start" });
  });
}

/** Ends a quarantine: the operator asks for a fresh start of one agent. */
export async function restartAgent(deps: CompanyDeps, input: { agent: string; by: string }): Promise<void> {
  await transact(deps, async (unit) => {
    const agent = await agentRow(unit, input.agent, { lock: true });
    await updateAgent(unit, agent.id, { failures: 0, retry_at: null });
    await unit.event({ type: "agent.restart_asked", source: input.by, target: agent.name, payload: { epoch: agent.epoch } });
    await unit.ring(channels.orchestrator, { reason: "restart", agent: agent.name });
  });
}

/** The worker's task is over: its container is to be removed and not started again. */
export async function retireWorker(unit: Unit, agent: AgentRow): Promise<void> {
  await updateAgent(unit, agent.id, { desired: "gone", status: agent.status === "inactive" ? "inactive" : "stopping" });
  await unit.event({ type: "worker.retired", source: "system", target: agent.name, payload: { epoch: agent.epoch } });
  await unit.ring(channels.orchestrator, { reason: "retire", agent: agent.name });
}
