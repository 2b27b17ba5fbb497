import type { Unit } from "../company.ts";
import { currentFleet } from "../fleet/current-fleet.ts";
import { remember } from "../memory/remember.ts";
import { sendMessageIn } from "../messages/send-message.ts";
import { cancelTaskIn, releaseTaskIn } from "../tasks/finish-task.ts";
import { addWork } from "../work/add-work.ts";
import type { DecisionRow } from "./queries.ts";

export type Outcome = "escalated" | "sent_back" | "approved" | "vetoed" | "withdrawn" | "overridden";

/** Every outcome wakes the one who waits: the attached task is released or stopped, then the proposer is told and woken. */
export async function announceOutcome(unit: Unit, row: DecisionRow, outcome: { status: Outcome; reason: string }): Promise<void> {
  const { status, reason } = outcome;
  // A withdrawal and an override are recorded as the event that they are; the others are what the rules made of an event.
  if (status !== "withdrawn" && status !== "overridden") {
    await unit.event({
      type: `decision.${status}`,
      source: "system",
      target: row.proposer,
      payload: {
        decision: row.id,
        title: row.title,
        type: row.machine.type,
        amountMicroUsd: row.amount_micro_usd.toString(),
        reason,
      },
    });
  }
  const task = await settleTask(unit, row, status);
  const round = row.machine.rounds.length;
  const proposer = { id: row.proposed_by, name: row.proposer };
  const payload = {
    decision_id: row.id,
    title: row.title,
    status,
    round,
    reason,
    ...(status === "approved" ? { task_id: task } : {}),
  };
  await sendMessageIn(unit, "system", { type: "decision", to: proposer.name, reader: proposer, payload });
  const summary = `your proposal "${row.title}" is ${status.replace("_", " ")}: ${reason}`;
  remember(unit, { agentId: proposer.id, type: "decision", summary, details: { decision: row.id, status } });
  // What the proposer did itself is no news to it; a question sent back reaches it as a voter or by the message.
  const own = status === "withdrawn" || status === "sent_back" || (row.machine.type === "minor" && status === "approved");
  if (own) return;
  await addWork(unit, {
    agent: proposer,
    kind: "wake",
    ref: row.id,
    reason: summary.slice(0, 500),
    priority: 6,
    dedupKey: `outcome:${row.id}:${status}:${round}`,
  });
}

/** Returns the id of the task that was released. A decision's task is made with it, or never. */
async function settleTask(unit: Unit, row: DecisionRow, status: Outcome): Promise<string | null> {
  if (row.attached_task === null) return null;
  switch (status) {
    case "escalated":
    case "sent_back":
      return null;
    case "approved": {
      const workerType = row.attached_task?.workerType ?? null;
      const { file } = await currentFleet(unit);
      // The fleet may have lost the worker type since the proposal; the approval must not fail for it.
      if (workerType !== null && !(workerType in file.workers)) {
        await cancelTaskIn(unit, row.id);
        return null;
      }
      await releaseTaskIn(unit, row.id);
      return row.task_id;
    }
    case "vetoed":
    case "withdrawn":
    case "overridden":
      await cancelTaskIn(unit, row.id);
      return null;
    default:
      return status satisfies never;
  }
}
