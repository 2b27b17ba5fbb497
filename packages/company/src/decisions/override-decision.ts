import { wellFormed } from "@aito/base";
import { microToUsd, type OverrideReport } from "@aito/protocol";
import { type ActionRow, selectActionsOf } from "../autonomy/queries.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { selectTaskTree, type TaskRow } from "../tasks/queries.ts";
import { advance, lockedDecision } from "./advance.ts";
import { toDecisionView } from "./decision-view.ts";
import { type DecisionRow, selectDecision, selectPaidBy } from "./queries.ts";

const reasonCharsMax = 4_000;

/**
 * A human sets any open or decided decision aside, with a reason. Attached work that has not ended is stopped, and decisions that
 * its budget pays are set aside with it; what had been done is listed, each with its undo or null. Error: AITO_DECISION_CLOSED.
 */
export async function overrideDecision(
  deps: CompanyDeps,
  input: { id: string; operator: string; reason: string },
): Promise<OverrideReport> {
  return await transact(deps, async (unit) => {
    const row = await lockedDecision(unit, input.id);
    return await overrideIn(unit, row, { operator: input.operator, reason: wellFormed(input.reason).slice(0, reasonCharsMax) });
  });
}

/** The row must be locked. */
async function overrideIn(
  unit: Unit,
  row: DecisionRow,
  { operator, reason }: { operator: string; reason: string },
): Promise<OverrideReport> {
  const tasks = await selectTaskTree(unit, row.id);
  const actions = await selectActionsOf(unit, row.id);
  await advance(unit, row, { kind: "overridden", by: operator, reason }, { name: operator });
  const stopped = tasks.filter((task) => !hasEnded(task)).map((task) => ({ task: task.id, title: task.title }));
  const ran = [
    ...tasks.filter((task) => task.status === "done" || task.status === "failed").map(taskThatRan),
    ...actions.map(actionThatRan),
  ];
  await unit.event({
    type: "decision.work_stopped",
    source: operator,
    target: row.proposer,
    payload: { decision: row.id, title: row.title, stopped, ran },
  });
  const taskIds = tasks.map((task) => task.id);
  for (const id of await selectPaidBy(unit, taskIds)) {
    const below = await lockedDecision(unit, id);
    // Between the list and the lock it may have been withdrawn, or overridden by somebody else.
    if (below.machine.status === "withdrawn" || below.machine.status === "overridden") continue;
    const why = `what pays for it was overridden: ${reason}`.slice(0, reasonCharsMax);
    const report = await overrideIn(unit, below, { operator, reason: why });
    stopped.push(...report.stopped);
    ran.push(...report.ran);
  }
  return { decision: toDecisionView((await selectDecision(unit, row.id))!), stopped, ran };
}

const hasEnded = (task: TaskRow): boolean => task.status === "done" || task.status === "failed" || task.status === "cancelled";

const taskThatRan = (task: TaskRow): OverrideReport["ran"][number] => ({
  what: `the task "${task.title}" was ${task.status}`,
  at: (task.completed_at ?? task.updated_at).toISOString(),
  undo: "discard its result: it is text inside the company",
});

const actionThatRan = (action: ActionRow): OverrideReport["ran"][number] => ({
  what: `${action.tool}: ${action.summary}${action.amount_micro_usd > 0n ? ` ($${microToUsd(action.amount_micro_usd)})` : ""}`,
  at: action.created_at.toISOString(),
  undo: action.undo,
});
