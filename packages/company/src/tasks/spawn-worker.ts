import { AitoError } from "@aito/base";
import { channels } from "@aito/protocol";
import { agentRow } from "../agents/agent-row.ts";
import { type AgentRow, insertAgent } from "../agents/queries.ts";
import type { Unit } from "../company.ts";
import { currentFleet } from "../fleet/current-fleet.ts";
import { addWork } from "../work/add-work.ts";
import { type TaskRow, updateTask } from "./queries.ts";

/**
 * Adds a worker for the task (A13): a row that the reconciler turns into a container. The worker works for the assignee and is
 * gone after the task. Error: AITO_WORKER_TYPE.
 */
export async function spawnWorker(unit: Unit, task: TaskRow, parent: AgentRow): Promise<void> {
  const fleet = await currentFleet(unit);
  const type = task.worker_type!;
  const definition = fleet.file.workers[type];
  const profile = fleet.profiles[type];
  if (!definition || !profile) {
    throw new AitoError("AITO_WORKER_TYPE", `this fleet has no worker type "${type}"`, {
      hint: `worker types of the fleet file: ${Object.keys(fleet.file.workers).join(", ") || "none"}`,
    });
  }
  const id = unit.newId();
  // The tail of a UUIDv7 is random; its head is the time and would repeat within a burst. Names are never used twice: with six digits
  // three of ten thousand workers would be refused theirs.
  const name = `${type}-${id.slice(-10)}`;
  await insertAgent(unit, {
    id,
    type,
    name,
    profile_path: profile.path,
    loop_interval: null,
    git_repo: parent.git_repo,
    git_filter: parent.git_filter,
    kind: "worker",
    department: parent.department,
    is_head: false,
    is_council: false,
    profile: profile.profile,
    profile_markdown: profile.markdown,
    model: definition.model ?? fleet.file.models.workers,
    parent_agent_id: parent.id,
    task_id: task.id,
    client_id: task.client_id ?? parent.client_id,
    depth: parent.depth + 1,
  });
  await updateTask(unit, task.id, { worker_agent_id: id, attempts: task.attempts + 1 });
  await unit.event({ type: "worker.spawned", source: parent.name, target: name, payload: { task: task.id, workerType: type } });
  await addWork(unit, {
    agent: await agentRow(unit, name),
    kind: "task",
    ref: task.id,
    reason: `task: ${task.title}`,
    priority: 7,
  });
  await unit.ring(channels.orchestrator, { reason: "spawn", agent: name });
}
