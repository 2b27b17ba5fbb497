import { AitoError } from "@aito/base";
import { type SettleTask, taskMove, type TaskView } from "@aito/protocol";
import { type CompanyDeps, transact } from "../company.ts";
import type { TaskRow } from "../tasks/queries.ts";
import { taskRow, toTaskView } from "../tasks/task-view.ts";
import { tryAgainIn } from "../tasks/try-again.ts";
import { endQuarantineAlert } from "./quarantine-alert.ts";
import { clearQuarantine } from "./queries.ts";

/**
 * What a human says of a task that ended its containers, once: tried again as it is, given to somebody else or to another kind of worker, or
 * given up. Answers the task that it is then. Errors: AITO_TASK_UNKNOWN, AITO_TASK_SETTLED (409) when nobody has to say anything of it,
 * AITO_TASK_MOVE (409) when what was decided or paid for would be done again, AITO_TASK_INVALID, AITO_TASK_DUPLICATE, AITO_AGENT_UNKNOWN,
 * AITO_WORKER_TYPE.
 */
export async function settleQuarantine(
  deps: CompanyDeps,
  input: { task: string; settle: SettleTask; by: string },
): Promise<TaskView> {
  const { settle, by } = input;
  return await transact(deps, async (unit) => {
    const row = await taskRow(unit, input.task, { lock: true });
    if (!(await endQuarantineAlert(unit, row.id))) {
      throw new AitoError("AITO_TASK_SETTLED", `«${row.title}» does not wait for a human`, {
        hint: row.quarantined_at === null ? "it is not quarantined" : "somebody has settled it",
        status: 409,
      });
    }
    const { to, made } = await (async () => {
      switch (settle.how) {
        case "give_up":
          return { to: row.assigned_name, made: null };
        case "retry":
          mayBeTried(row);
          await clearQuarantine(unit, row.id);
          return {
            to: row.assigned_name,
            made: await tryAgainIn(unit, row, { by, assignTo: row.assigned_name, workerType: row.worker_type }),
          };
        case "hand_over": {
          mayBeTried(row);
          const { assignTo, workerType } = settle;
          if (workerType === row.worker_type && assignTo === row.assigned_name) {
            throw new AitoError("AITO_TASK_INVALID", `${assignTo} had it already, with that kind of worker`, {
              hint: "let it be tried again as it is instead, or name somebody else",
            });
          }
          return { to: assignTo, made: await tryAgainIn(unit, row, { by, assignTo, workerType }) };
        }
      }
    })();
    await unit.event({
      type: "task.settled",
      source: by,
      target: to,
      payload: { task: row.id, title: row.title, how: settle.how, as: made?.id ?? null },
    });
    return made ?? toTaskView(row);
  });
}

/** The same rule as for a move on the board. */
function mayBeTried(row: TaskRow): void {
  const move = taskMove(toTaskView(row), "pending");
  if (move.does !== null) return;
  throw new AitoError("AITO_TASK_MOVE", `«${row.title}» cannot be tried again`, { hint: move.why, status: 409 });
}
