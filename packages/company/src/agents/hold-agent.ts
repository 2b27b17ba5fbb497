import { AitoError } from "@aito/base";
import { channels } from "@aito/protocol";
import type { Unit } from "../company.ts";
import { agentRow } from "./agent-row.ts";
import { updateAgent } from "./queries.ts";

/** What an operator may ask of one agent beside a restart. */
export type Hold = "pause" | "stop" | "start";

/**
 * Pauses an agent (its run ends as usual, it is given no new one), stops it (its container ends, its run is open again), or lets it go
 * on. Nothing that waits for it is lost. Unlike a kill switch it cuts nothing off. Error: AITO_AGENT_GONE.
 */
export async function holdAgentIn(unit: Unit, input: { agent: string; hold: Hold; by: string }): Promise<void> {
  const agent = await agentRow(unit, input.agent, { lock: true });
  if (agent.desired === "gone") {
    throw new AitoError("AITO_AGENT_GONE", `${agent.name} is gone: its task is over, or it left the fleet`, { status: 410 });
  }
  const held = ({ pause: "paused", stop: "stopped", start: null } as const)[input.hold];
  // With the rest of a stopped fleet it is started, paused or not, and not before.
  const staysStopped = held === "stopped" || (held === "paused" && agent.desired === "stopped" && agent.held !== "stopped");
  const desired = staysStopped ? "stopped" : "running";
  if (agent.held === held && agent.desired === desired) return;
  await updateAgent(unit, agent.id, {
    desired,
    held,
    held_by: held && input.by,
    held_at: held && unit.now,
  });
  const type = ({ pause: "agent.paused", stop: "agent.stop_asked", start: "agent.start_asked" } as const)[input.hold];
  await unit.event({ type, source: input.by, target: agent.name, payload: { epoch: agent.epoch } });
  await unit.ring(channels.orchestrator, { reason: input.hold, agent: agent.name });
  // A poll that is parked looks again.
  if (held === null) await unit.ring(channels.agent(agent.name), { reason: "resumed" });
}
