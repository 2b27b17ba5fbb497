import { type ListedAgent, updateAgent } from "../agents/queries.ts";
import { closeAlert } from "../alerts/alerts.ts";
import type { Unit } from "../company.ts";
import { endTaskIn } from "../tasks/finish-task.ts";
import { selectTask } from "../tasks/queries.ts";
import { selectOpenTasksUnder } from "../workers/queries.ts";

/** The fleet file names the agent no longer. What it was to do fails, so that whoever gave it hears of it; its workers work for nobody. */
export async function leaveFleet(unit: Unit, agent: Pick<ListedAgent, "id" | "name">): Promise<void> {
  await updateAgent(unit, agent.id, { desired: "gone" });
  await closeAlert(unit, { kind: "work", subject: agent.name });
  const result = { summary: `${agent.name} has left the fleet: give it to somebody else`, text: null, receipts: [] };
  for (const id of await selectOpenTasksUnder(unit, agent.id)) {
    const task = await selectTask(unit, id, true);
    if (task) await endTaskIn(unit, task, { status: "failed", result, by: "system" });
  }
}
