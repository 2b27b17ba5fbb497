import { AitoError } from "@aito/base";
import { type ChangedFile, microToUsd } from "@aito/protocol";
import type { AgentRow } from "../agents/queries.ts";
import { type AgentSession, fence } from "../agents/session.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { receiptsOfTask } from "../evidence/queries.ts";
import { currentFleet } from "../fleet/current-fleet.ts";
import { sendMessageIn } from "../messages/send-message.ts";
import { selectAgents } from "../agents/queries.ts";
import { taskRow } from "../tasks/task-view.ts";
import { taintChange, taintOfChange, taintOfWords } from "./change-taint.ts";
import { covers, gitRules, scopeIn } from "./git-scope.ts";
import {
  type ChangeRow,
  insertChange,
  insertCommit,
  selectChange,
  selectChangeOfTask,
  selectTaskCost,
  updateOpened,
} from "./queries.ts";

const evidenceMax = 20;

export interface BegunChange {
  change: ChangeRow;
  task: { id: string; title: string; decisionId: string | null };
  /** Receipts that back the task so far. */
  evidence: string[];
  cost: { usd: string; unknownCalls: number };
}

export const changeUnknown = (id: string): AitoError =>
  new AitoError("AITO_CHANGE_UNKNOWN", `there is no change ${id}`, { hint: "list_changes shows them", status: 404 });

/**
 * The change of a task in a repository: written down before anything leaves, and the same one whenever it is asked for again.
 * `changeId` goes on with another task's change, which must be for the same standing agent. Errors: AITO_TASK_NOT_YOURS,
 * AITO_CHANGE_{UNKNOWN,NOT_YOURS,MERGED}.
 */
export async function beginChange(
  deps: CompanyDeps,
  session: AgentSession,
  input: { taskId: string; changeId: string | null; repository: string; base: string; title: string; approval: string | null },
): Promise<BegunChange> {
  return await transact(deps, async (unit) => {
    const agent = await fence(unit, session);
    const task = await taskRow(unit, input.taskId);
    if (task.assigned_to !== agent.id && task.worker_agent_id !== agent.id) {
      throw new AitoError("AITO_TASK_NOT_YOURS", `task ${task.id} is not ${agent.name}'s`, { status: 403 });
    }
    const owner = (await scopeIn(unit, agent))!.owner;
    const change = await ownChange(unit, agent, owner.id, input);
    if (change.status === "merged") {
      throw new AitoError("AITO_CHANGE_MERGED", `change ${change.id} is merged already, as ${change.merge_sha}`, {
        hint: "what is still to be done is a task of its own",
        status: 409,
      });
    }
    await taintChange(unit, change, await taintOfWords(unit, { agentId: agent.id, approval: input.approval }));
    const cost = await selectTaskCost(unit, task.id);
    return {
      change,
      task: { id: task.id, title: task.title, decisionId: task.decision_id },
      evidence: await receiptsOfTask(unit, task.id, evidenceMax),
      cost: { usd: microToUsd(cost.micro_usd), unknownCalls: cost.unknown },
    };
  });
}

async function ownChange(
  unit: Unit,
  agent: AgentRow,
  ownerId: string,
  {
    taskId,
    changeId,
    repository,
    base,
    title,
  }: { taskId: string; changeId: string | null; repository: string; base: string; title: string },
): Promise<ChangeRow> {
  if (changeId !== null) {
    const known = await selectChange(unit, changeId, true);
    if (!known) throw changeUnknown(changeId);
    if (known.owner_id === ownerId && known.repository === repository) return known;
    throw new AitoError("AITO_CHANGE_NOT_YOURS", `change ${changeId} is ${known.owner}'s, in ${known.repository}`, {
      hint: "review it instead, or propose one of your own",
      status: 403,
    });
  }
  const known = await selectChangeOfTask(unit, taskId, repository);
  if (known) return known;
  const id = unit.newId();
  // The tail of a task's id is random: the branch is one task's and nobody else's.
  const branch = `aito/${agent.name}/${taskId.slice(-12)}`;
  const row = { id, task_id: taskId, agent_id: agent.id, owner_id: ownerId, repository, branch, base, title };
  await insertChange(unit, row);
  const change = (await selectChangeOfTask(unit, taskId, repository))!;
  if (change.id === id) {
    await unit.event({
      type: "change.begun",
      source: agent.name,
      payload: { change: id, task: taskId, repository, branch, title },
    });
  }
  return change;
}

export interface OpenedChange {
  id: string;
  number: number;
  url: string;
  headSha: string;
  /** Of the commit. */
  title: string;
  /** The whole change at this commit. */
  files: ChangedFile[];
  /** What it was made on: any other head is newer, and stays, however late this one is written down. */
  onto: readonly (string | null)[];
}

/** It stands as a pull request; who reviews its repository is asked when its head is a new one. */
export const openChange = (deps: CompanyDeps, session: AgentSession, opened: OpenedChange): Promise<{ reviewers: string[] }> =>
  transact(deps, async (unit) => openChangeIn(unit, await fence(unit, session), opened));

/** The same for a call that was found on GitHub after its caller was lost, whichever incarnation of that there is now. */
export async function openChangeIn(
  unit: Unit,
  agent: Pick<AgentRow, "id" | "name">,
  { id, title, files, onto, ...opened }: OpenedChange,
): Promise<{ reviewers: string[] }> {
  const change = await selectChange(unit, id, true);
  if (!change) throw changeUnknown(id);
  const reviewers = await reviewersOf(unit, change);
  const commit = { id: unit.newId(), changeId: id, agentId: agent.id, sha: opened.headSha, title, files };
  await insertCommit(unit, commit);
  if (change.status === "merged" || (change.status === "open" && change.head_sha === opened.headSha)) return { reviewers };
  if (change.status === "open" && !onto.includes(change.head_sha)) return { reviewers };
  await updateOpened(unit, { id, ...opened });
  await unit.event({
    type: change.status === "begun" ? "change.opened" : "change.updated",
    source: agent.name,
    payload: { change: id, task: change.task_id, repository: change.repository, title: change.title, ...opened },
  });
  const taint = await taintOfChange(unit, change);
  for (const to of reviewers) {
    const text =
      `A change of ${change.owner}'s waits for your review: «${change.title}», ${change.repository} #${opened.number}. ` +
      `Read it with read_change and answer with review_change (change_id ${id}).`;
    await sendMessageIn(unit, "system", {
      type: "direct",
      to,
      payload: { text, change: { id, ask: "review", task: change.task_id } },
      taint,
    });
  }
  return { reviewers };
}

/** The standing agents whose role reviews the repository; the lead where the fleet file names nobody. */
async function reviewersOf(unit: Unit, change: ChangeRow): Promise<string[]> {
  const { file } = await currentFleet(unit);
  const { reviews } = gitRules(file);
  const roles = Object.keys(reviews).filter((role) => reviews[role]!.some((pattern) => covers(pattern, change.repository)));
  const wanted = new Set(roles.length > 0 ? roles : [file.lead]);
  const agents = await selectAgents(unit);
  return agents
    .filter(({ kind, type, id }) => kind === "agent" && wanted.has(type) && id !== change.owner_id)
    .map(({ name }) => name);
}
