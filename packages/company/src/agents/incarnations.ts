import { channels } from "@aito/protocol";
import { closeAlert, openAlert } from "../alerts/alerts.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { sendMessageIn } from "../messages/send-message.ts";
import { refuseStopped, stopsOf } from "../kill-switches/find-stop.ts";
import { endOpenRuns } from "../runs/end-open-runs.ts";
import { currentLead } from "../succession/current-lead.ts";
import { selectTask, updateTask } from "../tasks/queries.ts";
import { quarantineTask } from "../workers/quarantine.ts";
import { agentRow, agentRowById } from "./agent-row.ts";
import { type AgentRow, insertSession, releaseHeld, revokeSessions, setDesired, updateAgent } from "./queries.ts";
import { retireWorker } from "./retire-worker.ts";

/** A task that ends the containers of its worker again and again is given up after this many. */
export const workerContainersMax = 3;

/**
 * Opens the next incarnation: epoch + 1, the hash of its one-time token, every earlier session revoked. Done before the
 * container is made, so that a crash in between leaves a token that nobody has. Error: AITO_STOPPED.
 */
export async function beginIncarnation(
  deps: CompanyDeps,
  input: { agent: string; tokenHash: string },
): Promise<{ epoch: number }> {
  return await transact(deps, async (unit) => {
    const agent = await agentRow(unit, input.agent, { lock: true });
    refuseStopped((await stopsOf(unit, [agent])).get(agent.id));
    const epoch = agent.epoch + 1;
    await revokeSessions(unit, agent.id);
    await insertSession(unit, { id: unit.newId(), agentId: agent.id, epoch, tokenHash: input.tokenHash });
    await endOpenRuns(unit, agent, { reason: "a new incarnation started", as: "interrupted" });
    await updateAgent(unit, agent.id, {
      epoch,
      status: "starting",
      status_reason: null,
      container_id: null,
      doing: null,
      last_heartbeat: null,
      started_at: unit.now,
      replacing: false,
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
 * `retryAt` null: not to be started again by itself. A worker that has used up its containers is not replaced: its task failed.
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
    /** Lives in a row that ended before they had begun; absent: as it was. */
    unbegun?: number;
    /** Its work had no part in it (killed from outside, the engine restarted): it is not held against the work. */
    outside?: boolean;
    /** What ended it, for those who count (`oom`, `hung`, `killed`, …). */
    cause?: string;
    /** It had lived well: its end is not the doing of what it was last replaced for. */
    livedWell?: boolean;
    /** False: no container came to life (the engine refused). */
    lived?: boolean;
    logTail?: string;
  },
): Promise<void> {
  await transact(deps, async (unit) => {
    const agent = await agentRow(unit, input.agent, { lock: true });
    if (agent.epoch !== input.epoch) return;
    await revokeSessions(unit, agent.id);
    const as = !input.wanted ? "stopped" : input.outside ? "interrupted" : "lost";
    await endOpenRuns(unit, agent, { reason: input.reason, as, logTail: input.logTail });
    await updateAgent(unit, agent.id, {
      status: input.wanted ? "error" : "inactive",
      status_reason: input.wanted ? input.reason : null,
      container_id: null,
      doing: null,
      failures: input.failures,
      ...(input.unbegun === undefined ? {} : { unbegun: input.unbegun }),
      retry_at: input.retryAt,
      ...(input.livedWell ? { change_digest: null } : {}),
    });
    await unit.event({
      type: input.wanted ? "agent.lost" : "agent.stopped",
      source: "system",
      target: agent.name,
      payload: { epoch: input.epoch, reason: input.reason, ...(input.cause ? { class: input.cause } : {}) },
    });
    if (input.wanted && input.retryAt === null && agent.kind === "agent") await tellQuarantine(unit, agent, input);
    // Who stopped it has seen to it; what comes after its next start is told anew.
    if (!input.wanted && agent.status === "error") await closeAlert(unit, { kind: "quarantine", subject: agent.name });
    if (input.wanted && input.lived !== false) await countContainer(unit, agent, input);
  });
}

/** A crash loop ends with an alert to the operator and to whoever leads; a restart or a stop by hand closes it. */
async function tellQuarantine(
  unit: Unit,
  agent: AgentRow,
  loss: { reason: string; failures: number; epoch: number },
): Promise<void> {
  const title = `${agent.name} is quarantined`;
  const why =
    agent.change_digest === null
      ? loss.reason
      : `It did not survive the change of its image or configuration, so that the rollout of it stops here. ${loss.reason}`;
  const detail = `${why}. It is not started again by itself; when the cause is gone: aito agents restart ${agent.name}`;
  await unit.event({
    type: "agent.quarantined",
    source: "system",
    target: agent.name,
    payload: { epoch: loss.epoch, failures: loss.failures, reason: loss.reason },
  });
  await openAlert(unit, { kind: "quarantine", subject: agent.name, title, detail });
  const lead = await currentLead(unit);
  const to = lead.name === agent.name ? "head" : lead.name;
  await sendMessageIn(unit, "system", { type: "alert", to, priority: "urgent", payload: { title, detail } });
}

/** A worker lives for its task: no more containers when that is over, or when it has used up enough of them. */
async function countContainer(unit: Unit, { id }: AgentRow, lost: { reason: string; outside?: boolean }): Promise<void> {
  const agent = await agentRowById(unit, id);
  if (agent.kind !== "worker" || agent.desired === "gone" || !agent.task_id) return;
  const task = await selectTask(unit, agent.task_id, true);
  if (!task || (task.status !== "pending" && task.status !== "running")) return await retireWorker(unit, agent);
  if (lost.outside) return;
  if (task.attempts < workerContainersMax) return await updateTask(unit, task.id, { attempts: task.attempts + 1 });
  await quarantineTask(unit, task, `it ended ${task.attempts} containers of its worker; the last: ${lost.reason}`);
}

/** A running fleet keeps its agents; a stopped one ends them and starts none until `startAll`. */
export async function stopAll(deps: CompanyDeps, by: string): Promise<void> {
  await transact(deps, (unit) => setAllIn(unit, "stopped", by));
}

export async function startAll(deps: CompanyDeps, by: string): Promise<void> {
  await transact(deps, (unit) => setAllIn(unit, "running", by));
}

export async function setAllIn(unit: Unit, desired: "stopped" | "running", by: string): Promise<void> {
  if (desired === "running") await releaseHeld(unit);
  await setDesired(unit, desired);
  await unit.event({ type: desired === "stopped" ? "fleet.stopped" : "fleet.started", source: by, payload: {} });
  await unit.ring(channels.orchestrator, { reason: desired === "stopped" ? "stop" : "start" });
}

/** Ends a quarantine: the operator asks for a fresh start of one agent. */
export async function restartAgent(deps: CompanyDeps, input: { agent: string; by: string }): Promise<void> {
  await transact(deps, (unit) => restartAgentIn(unit, input));
}

export async function restartAgentIn(unit: Unit, input: { agent: string; by: string }): Promise<void> {
  const agent = await agentRow(unit, input.agent, { lock: true });
  await updateAgent(unit, agent.id, { failures: 0, unbegun: 0, failed_runs: 0, retry_at: null });
  for (const kind of ["quarantine", "work"] as const) await closeAlert(unit, { kind, subject: agent.name });
  await unit.event({ type: "agent.restart_asked", source: input.by, target: agent.name, payload: { epoch: agent.epoch } });
  await unit.ring(channels.orchestrator, { reason: "restart", agent: agent.name });
}
