import { AitoError } from "@aito/base";
import type { FleetBoard, IssueSnapshot, IssueWrite } from "@aito/protocol";
import { agentRow } from "../agents/agent-row.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { sendMessageIn } from "../messages/send-message.ts";
import { createTaskIn, startTaskIn } from "../tasks/create-task.ts";
import { endTaskIn } from "../tasks/finish-task.ts";
import { selectTask, type TaskRow, updateTask } from "../tasks/queries.ts";
import { taskRow } from "../tasks/task-view.ts";
import { currentFleet } from "../fleet/current-fleet.ts";
import { dropWork } from "../work/queries.ts";
import { type BoardFields, commentsAt, cleanText, cleanTitle, levelOf, priorityAt, readIssue, taskIdIn } from "./issue-text.ts";
import { isKeptBack } from "./hold-back.ts";
import { endNote, note, runningNote } from "./notes.ts";
import {
  type BoardIssueRow,
  holdsBoard,
  insertMirrored,
  selectMirrored,
  selectStandingNames,
  takeWords,
  updateMirrored,
} from "./queries.ts";
import { mergeIssue } from "./rules.ts";

export interface BoardSession {
  /** Who mirrors; another one's session is over once this one has begun. */
  holder: string;
  board: FleetBoard;
  /** Our own account there. */
  login: string;
}

export interface Settled {
  taskId: string;
  /** What is to be written there; always null unless it was asked for. */
  write: IssueWrite | null;
  /** Comments there may be ones that were not brought in yet. */
  comments: boolean;
  /** Another issue of the same task, made twice: it is to be closed. */
  double: number | null;
}

const ended: ReadonlySet<string> = new Set(["done", "failed", "cancelled"]);
/** Whoever may set labels in a repository may direct the company; anybody else's words wait for one of them. */
const trusted: ReadonlySet<string> = new Set(["OWNER", "MEMBER", "COLLABORATOR"]);
export const mayDirect = (association: string): boolean => trusted.has(association);

export async function fenceBoard(unit: Unit, session: Pick<BoardSession, "holder">): Promise<void> {
  if (await holdsBoard(unit, session.holder)) return;
  throw new AitoError("AITO_BOARD_LEASE", "another gateway mirrors the board now", { fate: "retry", status: 409 });
}

export const boardFields = (task: TaskRow): BoardFields => ({
  title: cleanTitle(task.title),
  text: cleanText(task.description),
  level: levelOf(task.priority),
  assignee: task.assigned_name,
  status: task.status,
  open: !ended.has(task.status),
});

/**
 * Takes in what an issue says, in one transaction: a human's edits go to the task, a human's new issue with the board's label becomes
 * one, and what the issue should say otherwise is wanted. `writing`: it is going to be written now, so that the write is remembered.
 * Null: the issue is none of the board's. Error: AITO_BOARD_LEASE.
 */
export async function settleIssue(
  deps: CompanyDeps,
  session: BoardSession,
  issue: IssueSnapshot,
  options: { writing: boolean },
): Promise<Settled | null> {
  return await transact(deps, async (unit) => {
    await fenceBoard(unit, session);
    const row = await rowOf(unit, session, issue);
    if (row === null) return await adopt(unit, session, issue);
    if (row.number !== null && row.number !== issue.number) {
      return { taskId: row.task_id, write: null, comments: false, double: issue.number };
    }
    return await settleIn(unit, session, { issue, taskId: row.task_id, ...options });
  });
}

async function rowOf(unit: Unit, { login }: BoardSession, issue: IssueSnapshot): Promise<BoardIssueRow | null> {
  const known = await selectMirrored(unit, { number: issue.number });
  if (known) return known;
  // Anybody may copy a marker: only in what we wrote ourselves does it count.
  const taskId = issue.author === login ? taskIdIn(issue.body) : null;
  return taskId === null ? null : await selectMirrored(unit, { taskId });
}

async function settleIn(
  unit: Unit,
  session: BoardSession,
  input: { issue: IssueSnapshot; taskId: string; writing: boolean },
): Promise<Settled> {
  const { issue, taskId, writing } = input;
  const { label, closing } = session.board;
  const agents = new Set(await selectStandingNames(unit));
  let task = await taskRow(unit, taskId, { lock: true });
  const row = (await selectMirrored(unit, { taskId }, true))!;
  // Its words may have changed since this was planned.
  if (writing && (await isKeptBack(unit, taskId))) {
    throw new AitoError("AITO_BOARD_UNSETTLED", `what task ${taskId} says now waits for a human`);
  }
  const merge = (): ReturnType<typeof mergeIssue> =>
    mergeIssue(issue, { mirror: row, ours: boardFields(task), agents, label, taskId });
  let plan = merge();
  const first = plan;
  if (Object.keys(plan.take).length > 0) await takeIn(unit, session, { task, issue, take: plan.take });
  if (plan.closedByHuman && closing === "accept") await endByHuman(unit, session, { task, issue });
  if (plan.closedByHuman && closing === "reopen") await note(unit, task, `reopened:${issue.closedAt}`, notEnded(task));
  if (plan.openedByHuman) await note(unit, task, `closed-again:${issue.updatedAt}`, isOver(task));
  if (first.closedByHuman || first.openedByHuman) await tellClosing(unit, session, { task, issue, closed: first.closedByHuman });
  if (plan.closedByHuman && closing === "accept") {
    task = await taskRow(unit, taskId);
    plan = merge();
  }
  if (row.base?.status !== "running" && task.status === "running") await runningNote(unit, task);
  if (!plan.closedByHuman && ended.has(task.status) && (row.base?.open ?? true)) await endNote(unit, task);
  await updateMirrored(unit, taskId, {
    number: issue.number,
    base: plan.base,
    sent: writing ? plan.want : null,
    creating_at: null,
    ...(plan.write && !writing ? { want: true } : {}),
  });
  const comments = issue.comments > 0 && row.comments_at !== commentsAt(issue);
  return { taskId, write: writing ? plan.write : null, comments, double: null };
}

const outside = ({ board }: BoardSession, issue: IssueSnapshot): string => `GitHub issue ${board.repository}#${issue.number}`;

/** A human's edit, applied to the task; whoever does it is told at its next wake. */
async function takeIn(
  unit: Unit,
  session: BoardSession,
  input: { task: TaskRow; issue: IssueSnapshot; take: Partial<BoardFields> },
): Promise<void> {
  const { task, issue, take } = input;
  const over = ended.has(task.status);
  const assignee = take.assignee && !over ? await agentRow(unit, take.assignee) : null;
  await takeWords(
    unit,
    task.id,
    {
      ...(take.title === undefined ? {} : { title: take.title }),
      ...(take.text === undefined ? {} : { description: take.text }),
      ...(take.level === undefined ? {} : { priority: priorityAt(take.level) }),
      ...(assignee ? { assigned_to: assignee.id } : {}),
    },
    outside(session, issue),
  );
  await unit.event({
    type: "board.edited",
    source: "human",
    target: task.assigned_name,
    payload: { task: task.id, issue: issue.number, fields: Object.keys(take) },
  });
  if (over) return;
  if (assignee && !task.worker_type && task.status !== "blocked") {
    await dropWork(unit, "task", task.id);
    if (task.status === "running") await updateTask(unit, task.id, { status: "pending" });
    return await startTaskIn(unit, task.id, null);
  }
  const reader = task.worker_name ?? assignee?.name ?? task.assigned_name;
  if (reader === null || (take.title === undefined && take.text === undefined)) return;
  await sendMessageIn(unit, "operator", {
    type: "direct",
    to: reader,
    payload: { text: `Your task was edited on GitHub (${outside(session, issue)}); read it again.`, task_id: task.id },
    wake: false,
    taint: outside(session, issue),
  });
}

const notEnded = (task: TaskRow): string =>
  `Opened again: the task has not ended (it is ${task.status}), and it closes with the evidence of its result. ` +
  "To stop it, use `aito override` or reassign it.";
const isOver = (task: TaskRow): string =>
  `Closed again: the task is ${task.status} and does not come back. Open a new issue instead.`;

async function tellClosing(
  unit: Unit,
  { board }: BoardSession,
  input: { task: TaskRow; issue: IssueSnapshot; closed: boolean },
): Promise<void> {
  const { task, issue, closed } = input;
  await unit.event({
    type: closed ? "board.closed_by_human" : "board.opened_by_human",
    source: "human",
    target: task.assigned_name,
    payload: { task: task.id, issue: issue.number, status: task.status, answer: closed ? board.closing : "close" },
  });
}

/** The fleet file says that a human's closing ends the task. */
async function endByHuman(unit: Unit, session: BoardSession, input: { task: TaskRow; issue: IssueSnapshot }): Promise<void> {
  const { task, issue } = input;
  const status = issue.reason === "not_planned" || issue.reason === "duplicate" ? "cancelled" : "done";
  const summary = `closed by a human on GitHub (${outside(session, issue)}), without evidence of ours`;
  const result = status === "done" ? { summary, text: null, receipts: [] } : null;
  await endTaskIn(unit, (await selectTask(unit, task.id, true))!, { status, result, by: "human" });
}

/** An issue that is not on the board yet: a task, when a human who may direct the company gave it the label. */
async function adopt(unit: Unit, session: BoardSession, issue: IssueSnapshot): Promise<Settled | null> {
  const { board, login } = session;
  if (issue.author === login || !issue.open || !issue.labels.includes(board.label) || !mayDirect(issue.association)) return null;
  const agents = new Set(await selectStandingNames(unit));
  const { file } = await currentFleet(unit);
  const assignTo = [board.assignTo, file.lead, ...agents].find((name) => name !== undefined && agents.has(name));
  if (assignTo === undefined) return null;
  const before: BoardFields = { title: "", text: "", level: "normal", assignee: assignTo, status: "pending", open: true };
  const said = readIssue(issue, before, agents);
  if (said.title === "") return null;
  const taint = outside(session, issue);
  const made = await createTaskIn(unit, null, {
    title: said.title,
    description: said.text,
    assignTo: said.assignee!,
    priority: priorityAt(said.level),
    taint,
  });
  if (!made) return null;
  await insertMirrored(unit, made.id);
  await unit.event({
    type: "board.task_made",
    source: "human",
    target: said.assignee,
    payload: { task: made.id, issue: issue.number },
  });
  await updateMirrored(unit, made.id, { number: issue.number, base: { ...said, status: "" }, sent: null, want: true });
  return { taskId: made.id, write: null, comments: issue.comments > 0, double: null };
}
