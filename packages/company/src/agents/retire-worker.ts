import { channels } from "@aito/protocol";
import type { Unit } from "../company.ts";
import { abandonWork } from "../work/queries.ts";
import { type AgentRow, updateAgent } from "./queries.ts";

/** The worker's task is over: its container is to be removed and not started again. */
export async function retireWorker(unit: Unit, agent: AgentRow): Promise<void> {
  await updateAgent(unit, agent.id, { desired: "gone", status: agent.status === "inactive" ? "inactive" : "stopping" });
  await abandonWork(unit, agent.id);
  await unit.event({ type: "worker.retired", source: "system", target: agent.name, payload: { epoch: agent.epoch } });
  await unit.ring(channels.orchestrator, { reason: "retire", agent: agent.name });
}
