import type { AgentRow } from "../agents/queries.ts";
import type { Unit } from "../company.ts";
import { endTaskIn } from "../tasks/finish-task.ts";
import { selectTask } from "../tasks/queries.ts";
import { dropEndedTasks, giveUpWork, interruptWork, loseWork, reopenWork } from "../work/queries.ts";
import { quarantineTask } from "../workers/quarantine.ts";
import { loseRuns } from "./queries.ts";

/** Work whose run was lost this often by its own agent's end is given up: it may be what ends the runs. */
export const lossesMax = 3;
/** The same for runs that were ended from outside: the work had no part in it, but nothing is repeated without end. */
export const interruptionsMax = 20;

/**
 * The agent's open run is over without a report; the agent's row is locked. Its work waits again: as if nothing had been when the
 * agent was `stopped`; counted when it was `interrupted` from outside or `lost` by its own end. An item that was lost, or interrupted,
 * too often is given up, a task of the agent's own with it.
 */
export async function endOpenRuns(
  unit: Unit,
  agent: AgentRow,
  end: { reason: string; as: "stopped" | "interrupted" | "lost"; logTail?: string | undefined },
): Promise<void> {
  await loseRuns(unit, agent.id, end.reason, end.logTail ?? "");
  await dropEndedTasks(unit, agent.id);
  if (end.as === "stopped") return await reopenWork(unit, agent.id);
  const ended = end.as === "lost" ? await loseWork(unit, agent.id) : await interruptWork(unit, agent.id);
  for (const work of ended) {
    if (work.losses < lossesMax && work.interruptions < interruptionsMax) continue;
    await giveUpWork(unit, work.id);
    await unit.event({
      type: "work.given_up",
      source: agent.name,
      payload: {
        work: work.id,
        reason: work.reason,
        error: `lost ${work.losses + work.interruptions} times; the last: ${end.reason}`.slice(0, 500),
      },
    });
    if (work.kind === "task" && work.ref)
      await giveUpTask(unit, work.ref, { losses: work.losses + work.interruptions, reason: end.reason });
  }
}

async function giveUpTask(unit: Unit, id: string, lost: { losses: number; reason: string }): Promise<void> {
  const task = await selectTask(unit, id, true);
  if (!task || (task.status !== "pending" && task.status !== "running")) return;
  const why = `${lost.losses} runs that had it were lost; the last: ${lost.reason}`;
  // A worker's task that ends its runs ends its containers, or would.
  if (task.worker_agent_id) return await quarantineTask(unit, task, why);
  const summary = `given up: ${why}`;
  await endTaskIn(unit, task, { status: "failed", result: { summary, text: null, receipts: [] }, by: "system" });
}
