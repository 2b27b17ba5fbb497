import { AitoError, wellFormed } from "@aito/base";
import { type AgentSession, fence } from "../agents/session.ts";
import { type CompanyDeps, transact } from "../company.ts";
import { insertWork } from "./queries.ts";
import { taskRow } from "./task-view.ts";

interface SavedWork {
  id: string;
  words: number;
  characters: number;
}

/**
 * Keeps a finished text with its task; the newest one is what the task is handed in with. Errors: AITO_TASK_UNKNOWN,
 * AITO_TASK_NOT_YOURS, AITO_TASK_CLOSED.
 */
export async function saveWork(
  deps: CompanyDeps,
  session: AgentSession,
  input: { task: string; text: string },
): Promise<SavedWork> {
  return await transact(deps, async (unit) => {
    await fence(unit, session);
    const task = await taskRow(unit, input.task, { lock: true });
    if (task.worker_agent_id !== session.agentId && task.assigned_to !== session.agentId) {
      throw new AitoError("AITO_TASK_NOT_YOURS", `task ${task.id} is not ${session.agent}'s`, { status: 403 });
    }
    if (task.status !== "pending" && task.status !== "running") {
      throw new AitoError("AITO_TASK_CLOSED", `task ${task.id} is ${task.status}`, { status: 409 });
    }
    const text = wellFormed(input.text);
    const id = unit.newId();
    await insertWork(unit, { id, taskId: task.id, agentId: session.agentId, text });
    await unit.event({
      type: "work.saved",
      source: session.agent,
      payload: { work: id, task: task.id, characters: text.length },
    });
    return { id, words: (text.match(/[\p{L}\p{N}][\p{L}\p{N}'’-]*/gu) ?? []).length, characters: text.length };
  });
}
