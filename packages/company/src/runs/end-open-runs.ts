import type { AgentRow } from "../agents/queries.ts";
import type { Unit } from "../company.ts";
import { endTaskIn } from "../tasks/finish-task.ts";
import { selectTask } from "../tasks/queries.ts";
import { giveUpWork, loseWork, reopenWork } from "../work/queries.ts";
import { loseRuns } from "./queries.ts";

/** Work whose run was lost this often is given up: it may be what ends the runs. */
export const lossesMax = 3;

/**
 * The agent's open run is over without a report; the agent's row is locked. Its work waits again, unless it `counts` as a loss and
 * the item was lost too often: then that item is given up, a task of the agent's own with it.
 */
export async function endOpenRuns(
  unit: Unit,
  agent: AgentRow,
  end: { reason: string; counts: boolean; logTail?: string | undefined },
): Promise<void> {
  await loseRuns(unit, agent.id, end.reason, end.logTail ?? "");
  if (!end.counts) return await reopenWork(unit, agent.id);
  for (const work of await loseWork(unit, agent.id)) {
    if (work.losses < lossesMax) continue;
    await giveUpWork(unit, work.id);
    await unit.event({
      type: "work.given_up",
      source: agent.name,
      payload: { work: work.id, reason: work.reason, error: `lost ${work.losses} times; the last: ${end.reason}`.slice(0, 500) },
    });
    if (work.kind === "task" && work.ref) await giveUpTask(unit, work.ref, { losses: work.losses, reason: end.reason });
  }
}

async function giveUpTask(unit: Unit, id: string, lost: { losses: number; reason: string }): Promise<void> {
  const task = await selectTask(unit, id, true);
  if (!task || (task.status !== "pending" && task.status !== "running")) return;
  await endTaskIn(unit, task, {
    status: "failed",
    result: {
      summary: `given up: ${lost.losses} runs that had it were lost; the last: ${lost.reason}`,
      text: null,
      receipts: [],
    },
    by: "system",
  });
}
