import { AitoError } from "@aito/base";
import type { ChangeComment } from "@aito/protocol";
import { type AgentSession, fence } from "../agents/session.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { selectDecision } from "../decisions/queries.ts";
import { agentRowById } from "../agents/agent-row.ts";
import type { AgentRow } from "../agents/queries.ts";
import { currentFleet } from "../fleet/current-fleet.ts";
import { sendMessageIn } from "../messages/send-message.ts";
import { taskRow } from "../tasks/task-view.ts";
import { taintChange, taintOfChange, taintOfWords } from "./change-taint.ts";
import { covers, gitRules, scopeIn } from "./git-scope.ts";
import { type MergeFacts, missingForMerge } from "./merge-rules.ts";
import { changeUnknown } from "./propose-change.ts";
import {
  type ChangeRow,
  insertReview,
  isOwnHead,
  type ReviewRow,
  selectChange,
  selectChanges,
  selectReviews,
  updateMerged,
} from "./queries.ts";

export interface ChangeView extends Pick<
  ChangeRow,
  "id" | "repository" | "branch" | "base" | "title" | "status" | "number" | "url"
> {
  task: string;
  owner: string;
  by: string;
  headSha: string | null;
  mergeSha: string | null;
  mergedBy: string | null;
  reviews: Pick<ReviewRow, "agent" | "verdict" | "body" | "head_sha">[];
}

const listedMax = 50;

async function toView(unit: Unit, row: ChangeRow): Promise<ChangeView> {
  const { id, repository, branch, base, title, status, number, url } = row;
  const reviews = await selectReviews(unit, id);
  return {
    id,
    repository,
    branch,
    base,
    title,
    status,
    number,
    url,
    task: row.task_id,
    owner: row.owner,
    by: row.agent,
    headSha: row.head_sha,
    mergeSha: row.merge_sha,
    mergedBy: row.merged_by_name,
    reviews: reviews.map(({ agent, verdict, body, head_sha }) => ({ agent, verdict, body, head_sha })),
  };
}

/** Newest first. */
export async function listChanges(deps: CompanyDeps): Promise<ChangeView[]> {
  return await transact(deps, async (unit) => {
    const rows = await selectChanges(unit, { limit: listedMax });
    const views: ChangeView[] = [];
    for (const row of rows) views.push(await toView(unit, row));
    return views;
  });
}

/** Whether this commit of a branch is what an agent pushed there for a change. */
export const isOwnCommit = (deps: CompanyDeps, at: Parameters<typeof isOwnHead>[1]): Promise<boolean> =>
  deps.db.transaction({ companyId: deps.companyId }, (tx) => isOwnHead(tx, at));

/** Error: AITO_CHANGE_UNKNOWN. */
export async function changeView(deps: CompanyDeps, id: string): Promise<ChangeView> {
  return await transact(deps, async (unit) => {
    const row = await selectChange(unit, id);
    if (!row) throw changeUnknown(id);
    return await toView(unit, row);
  });
}

/** What the words carry that this agent puts to a change now (`taintOfWords`). */
export const wordsTaint = (deps: CompanyDeps, session: AgentSession, approval: string | null): Promise<string | null> =>
  deps.db.transaction({ companyId: deps.companyId }, (tx) => taintOfWords(tx, { agentId: session.agentId, approval }));

export interface GivenReview {
  /** Made when it was written: reviews stand in the order in which they were, also where one is written down late. */
  id: string;
  changeId: string;
  headSha: string;
  verdict: ReviewRow["verdict"];
  body: string;
  comments: ChangeComment[];
  /** What its words carry. */
  taint: string | null;
}

/**
 * A review of one head, which counts by the merge rules; whom the change was made for is told what to do. The same one again changes
 * nothing. Error: AITO_CHANGE_OWN for an approval of one's own change.
 */
export const reviewChange = (deps: CompanyDeps, session: AgentSession, review: GivenReview): Promise<void> =>
  transact(deps, async (unit) => reviewChangeIn(unit, await fence(unit, session), review));

/** The same for a call that was found on GitHub after its caller was lost, whichever incarnation of that there is now. */
export async function reviewChangeIn(unit: Unit, agent: AgentRow, review: GivenReview): Promise<void> {
  const { id, changeId, headSha, verdict, body, comments, taint } = review;
  const change = await selectChange(unit, changeId, true);
  if (!change) throw changeUnknown(changeId);
  const scope = await scopeIn(unit, agent);
  if (verdict === "approve" && scope?.owner.id === change.owner_id) {
    throw new AitoError("AITO_CHANGE_OWN", `change ${change.id} was made for ${change.owner}, who cannot approve it`, {
      hint: "another role has to",
      status: 403,
    });
  }
  const own = (await selectReviews(unit, changeId)).filter((one) => one.agent_id === agent.id);
  const isSame = (one: ReviewRow): boolean => one.head_sha === headSha && one.verdict === verdict && one.body === body;
  const [before, since] = [own.filter((one) => one.id < id), own.filter((one) => one.id >= id)];
  if (before.slice(-1).some(isSame) || since.some(isSame)) return;
  await insertReview(unit, { id, changeId, agent_id: agent.id, head_sha: headSha, verdict, body, comments });
  await taintChange(unit, change, taint);
  await unit.event({
    type: "change.reviewed",
    source: agent.name,
    target: change.owner,
    payload: { change: change.id, task: change.task_id, title: change.title, verdict, headSha },
  });
  // What it has said since is what it asks for.
  if (verdict === "comment" || agent.kind === "worker" || since.length > 0) return;
  const where = `«${change.title}», ${change.repository} #${String(change.number)}`;
  const [ask, text] =
    verdict === "approve"
      ? (["merge", `${agent.name} approved ${where}. Merge it with merge_change (change_id ${change.id}).`] as const)
      : (["fix", `${agent.name} asks for a change in ${where} (change_id ${change.id}): ${body}`] as const);
  const payload = { text, change: { id: change.id, ask, task: change.task_id } };
  const author = ask === "fix" ? await waitingAuthor(unit, change) : null;
  await sendMessageIn(unit, "system", {
    type: "direct",
    to: author ?? change.owner,
    payload,
    taint: await taintOfChange(unit, change),
  });
}

/** The worker that made it and waits for what becomes of it; null when it is gone, or was none. */
async function waitingAuthor(unit: Unit, change: ChangeRow): Promise<string | null> {
  const author = await agentRowById(unit, change.agent_id);
  const task = await taskRow(unit, change.task_id);
  const waits = author.kind === "worker" && author.desired === "running" && task.worker_agent_id === author.id;
  return waits && (task.status === "pending" || task.status === "running") ? author.name : null;
}

/** What the merge of this head lacks by the company's rules; empty when nothing. */
export async function whatMergeLacks(
  deps: CompanyDeps,
  changeId: string,
  seen: Pick<MergeFacts, "headSha" | "checks">,
): Promise<string[]> {
  return await transact(deps, async (unit) => {
    const change = await selectChange(unit, changeId);
    if (!change) throw changeUnknown(changeId);
    const rules = gitRules((await currentFleet(unit)).file);
    const reviews = [];
    for (const { agent, agent_id: id, kind, head_sha: headSha, verdict } of await selectReviews(unit, changeId)) {
      const owner = (await scopeIn(unit, await agentRowById(unit, id)))?.owner.id ?? id;
      reviews.push({ agent, kind, headSha, verdict, ownerId: owner });
    }
    const { decision_id: decision } = await taskRow(unit, change.task_id);
    return missingForMerge({
      ...seen,
      changeOwnerId: change.owner_id,
      reviews,
      approvalsNeeded: rules.approvals,
      checksRequired: rules.checks === "required",
      decision: {
        needed: rules.decisionFor.some((pattern) => covers(pattern, change.repository)),
        status: decision === null ? null : ((await selectDecision(unit, decision))?.status ?? null),
      },
    });
  });
}

/** It is merged. Said once, however often it is recorded. */
export const recordMerge = (deps: CompanyDeps, session: AgentSession, merged: { id: string; mergeSha: string }): Promise<void> =>
  transact(deps, async (unit) => recordMergeIn(unit, await fence(unit, session), merged));

/** The same for a call that was found on GitHub after its caller was lost, whichever incarnation of that there is now. */
export async function recordMergeIn(
  unit: Unit,
  agent: Pick<AgentRow, "id" | "name">,
  merged: { id: string; mergeSha: string },
): Promise<void> {
  const change = await selectChange(unit, merged.id, true);
  if (!change) throw changeUnknown(merged.id);
  if (change.status === "merged") return;
  await updateMerged(unit, { ...merged, by: agent.id });
  await unit.event({
    type: "change.merged",
    source: agent.name,
    target: change.owner,
    payload: {
      change: change.id,
      task: change.task_id,
      repository: change.repository,
      number: change.number,
      title: change.title,
      mergeSha: merged.mergeSha,
      url: change.url,
    },
  });
  const author = await waitingAuthor(unit, change);
  if (author === null) return;
  const text = `«${change.title}» is merged as ${merged.mergeSha}. Hand in your task now.`;
  const payload = { text, change: { id: change.id, ask: "hand_in", task: change.task_id } };
  await sendMessageIn(unit, "system", { type: "direct", to: author, payload, taint: await taintOfChange(unit, change) });
}
