import type { IssueSnapshot, IssueWrite } from "@aito/protocol";
import { type BoardFields, issueBody, issueTitle, labelsFor, readIssue, taskIdIn } from "./issue-text.ts";

/** What a human decides by editing an issue. */
export const humanFields = ["title", "text", "level", "assignee"] as const;
export type HumanField = (typeof humanFields)[number];

export interface Mirror {
  /** As both sides last had it; null before the first time. */
  base: BoardFields | null;
  /** What we set out to write and have not seen there yet; null: nothing is on its way. */
  sent: BoardFields | null;
}

export interface IssuePlan {
  /** A human's words, for the task. */
  take: Partial<Pick<BoardFields, HumanField>>;
  /** What both sides have in common after this, with what was taken. */
  base: BoardFields;
  /** What the issue should say; null: it says so. */
  want: BoardFields | null;
  /** A human closed the issue of a task that has not ended. */
  closedByHuman: boolean;
  /** A human opened the issue of a task that has ended. */
  openedByHuman: boolean;
}

/**
 * Pure: a three-way merge. A field of the issue that is neither as it last was nor as we were about to write it was written by a human,
 * and wins; any other field is as the task has it. Whether the task has ended is ours to say: an issue that was closed or opened
 * otherwise is told apart from one that follows its task.
 */
export function planIssue(input: { mirror: Mirror; ours: BoardFields; theirs: BoardFields }): IssuePlan {
  const { mirror, ours, theirs } = input;
  const before = mirror.base ?? mirror.sent;
  const take: Record<string, unknown> = {};
  for (const field of humanFields) {
    const known = [mirror.base?.[field], mirror.sent?.[field]];
    const human = before !== null && !known.includes(theirs[field]);
    if (human && theirs[field] !== ours[field]) take[field] = theirs[field];
  }
  const taken = take as IssuePlan["take"];
  const merged: BoardFields = { ...ours, ...taken };
  const same = (Object.keys(merged) as (keyof BoardFields)[]).every((field) => merged[field] === theirs[field]);
  const wasOpen = mirror.base?.open ?? true;
  // A close of ours that has not been seen yet explains a closed issue.
  const closing = mirror.sent !== null && !mirror.sent.open;
  return {
    take: taken,
    base: theirs,
    want: same ? null : merged,
    closedByHuman: ours.open && !theirs.open && wasOpen && !closing,
    openedByHuman: !ours.open && theirs.open && !wasOpen,
  };
}

/** Pure: the request that makes the issue say what is wanted; only what differs, because a human may be writing the rest. */
export function writeFor(
  issue: IssueSnapshot,
  input: { want: BoardFields; theirs: BoardFields; label: string; taskId: string; status: string },
): IssueWrite | null {
  const { want, theirs, label, taskId } = input;
  const write: IssueWrite = {};
  if (want.title !== theirs.title) write.title = issueTitle(want.title);
  if (want.text !== theirs.text || taskIdIn(issue.body) !== taskId) write.body = issueBody(want.text, taskId);
  const labels = labelsFor(want, label, issue.labels);
  if (labels.toSorted().join("\n") !== issue.labels.toSorted().join("\n")) write.labels = labels;
  if (want.open !== theirs.open) {
    write.open = want.open;
    if (!want.open) write.reason = input.status === "done" ? "completed" : "not_planned";
  }
  return Object.keys(write).length === 0 ? null : write;
}

/** Both in one: what an issue means for its task, and what is to be written there. */
export function mergeIssue(
  issue: IssueSnapshot,
  input: { mirror: Mirror; ours: BoardFields; agents: ReadonlySet<string>; label: string; taskId: string },
): IssuePlan & { write: IssueWrite | null } {
  const { mirror, ours } = input;
  const theirs = readIssue(issue, mirror.base ?? mirror.sent ?? ours, input.agents);
  const plan = planIssue({ mirror, ours, theirs });
  const want = plan.want ?? { ...ours, ...plan.take };
  const write = writeFor(issue, { want, theirs, label: input.label, taskId: input.taskId, status: ours.status });
  return { ...plan, want: write === null ? null : want, write };
}
