import { AitoError, wellFormedDeep } from "@aito/base";
import type { Claim, Mark, TaskResult, TaskView } from "@aito/protocol";
import { agentRowById } from "../agents/agent-row.ts";
import { retireWorker } from "../agents/retire-worker.ts";
import { type AgentSession, fence } from "../agents/session.ts";
import { type StoredReport, storeReportIn, whatDidNotHappen } from "../claims/submit-report.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { selectTaintOf } from "../grants/queries.ts";
import { taintIn } from "../grants/taint.ts";
import { hasOpenCall } from "../approvals/queries.ts";
import { remember } from "../memory/remember.ts";
import { sendMessageIn } from "../messages/send-message.ts";
import { receiptsOfTask } from "../evidence/queries.ts";
import { hasOpenChange } from "../changes/queries.ts";
import { dropWork, hasUnclaimedWork } from "../work/queries.ts";
import { selectOpenTasksUnder } from "../workers/queries.ts";
import { startTaskIn } from "./create-task.ts";
import {
  selectNewestWork,
  selectTask,
  selectTasksOfDecision,
  selectTaskTree,
  taintTask,
  type TaskRow,
  updateTask,
} from "./queries.ts";
import { taskRow, toTaskView } from "./task-view.ts";

/** Of the result's text its reader is told this much; the whole stands with the task. */
const toldCharsMax = 6_000;
/** Receipts of a worker's successful calls, the newest ones, that stand in its result. */
const receiptsMax = 50;
/** Of the result's summary, where it says why a task had been ended. */
const whyCharsMax = 1_000;
const openStates: ReadonlySet<string> = new Set(["blocked", "pending", "running"]);

/**
 * Whether a worker's run is not its last: workers of its own are at work, a call of its waits for a human, its change is under review, or
 * something new waits for it.
 */
export async function waitsForMore(unit: Unit, workerId: string): Promise<boolean> {
  if ((await selectOpenTasksUnder(unit, workerId)).length > 0) return true;
  if (await hasOpenCall(unit, workerId)) return true;
  return (await hasOpenChange(unit, workerId)) || (await hasUnclaimedWork(unit, workerId));
}

export interface FinishInput {
  id: string;
  status: "done" | "failed";
  result: Pick<TaskResult, "summary" | "text" | "receipts" | "patch">;
  /** Numbers and facts of the result, each with the receipts that state it. */
  claims?: readonly Claim[];
  atRunEnd?: boolean;
  run?: string | null;
  receiptId?: string | null;
}

/**
 * Ends a task with its result. Only its assignee or its worker may (AITO_TASK_NOT_YOURS); a repeat of the same end by who ended it is
 * answered with what is stored; any other, also where somebody else has ended it the same way, is AITO_TASK_CLOSED. "Done" needs a successful receipt of the task, and a report that names what was tried
 * outside and did not happen (AITO_TASK_EVIDENCE), and claims that the receipts say (AITO_CLAIM_UNSUPPORTED): a report that lacks them is
 * kept as refused, and the task stays open for a mended one.
 */
export async function finishTask(deps: CompanyDeps, session: AgentSession, input: FinishInput): Promise<TaskView> {
  const ended = await transact(deps, (unit) => finishIn(unit, session, input));
  if ("view" in ended) return ended.view;
  // Thrown after the commit: the record of what was refused must stand.
  throw new AitoError(ended.refusal.code, ended.refusal.message, { hint: ended.refusal.hint, status: 409 });
}

interface Refusal {
  code: NonNullable<StoredReport["refusal"]>["code"] | "AITO_TASK_CLOSED";
  message: string;
  hint: string;
}

async function finishIn(
  unit: Unit,
  session: AgentSession,
  input: FinishInput,
): Promise<{ view: TaskView } | { refusal: Refusal }> {
  await fence(unit, session);
  const task = await taskRow(unit, input.id, { lock: true });
  const isWorker = task.worker_agent_id === session.agentId;
  // Its run is over, but the worker waits for workers of its own, or has a result of theirs to read.
  if (input.atRunEnd && isWorker && (await waitsForMore(unit, session.agentId))) return { view: toTaskView(task) };
  if (!isWorker && task.assigned_to !== session.agentId) {
    throw new AitoError("AITO_TASK_NOT_YOURS", `task ${task.id} is not ${session.agent}'s`, { status: 403 });
  }
  // Who ended a task was not kept once: its own end, told again over an upgrade, is no other's.
  if (task.status === input.status && (task.ended_by ?? session.agent) === session.agent) return { view: toTaskView(task) };
  if (task.status === "blocked") {
    throw new AitoError("AITO_TASK_BLOCKED", `task ${task.id} waits for its decision`, { status: 409 });
  }
  if (task.status !== "pending" && task.status !== "running") {
    // Its own program asks at its run's end, and shows the words to nobody.
    if (!input.atRunEnd) await readTask(unit, session, task);
    return { refusal: closedWords(task) };
  }
  const { summary } = input.result;
  const handed = input.result.text ?? (await selectNewestWork(unit, task.id));
  // Its program has ended and cannot mend its report: that the work is not lost, the platform says what its author may have left out.
  const untold = input.atRunEnd && input.status === "done" ? await whatDidNotHappen(unit, task.id) : [];
  const text = untold.length === 0 ? handed : [...(handed === null ? [] : [handed, ""]), ...untold].join("\n");
  const report = await storeReportIn(unit, session, {
    task,
    finishes: input.status === "done",
    text: text === null ? summary : `${summary}${between}${text}`,
    claims: input.claims ?? [],
    run: input.run ?? null,
    receiptId: input.receiptId ?? null,
  });
  if (report.refusal) return { refusal: report.refusal };
  const receipts = await receiptsOfTask(unit, task.id, receiptsMax);
  const cited = report.claims.flatMap((claim) => (claim.verified ? claim.receipts : []));
  const result: TaskResult = {
    summary,
    text,
    receipts: [...new Set([...cited, ...receipts])],
    claims: report.claims,
    marks: marksOf(report.marks, summary),
    ...(input.result.patch === undefined ? {} : { patch: input.result.patch }),
  };
  await endTaskIn(unit, task, { status: input.status, result, by: session.agent, byAgentId: session.agentId });
  return { view: toTaskView(await taskRow(unit, input.id)) };
}

/** The words of the refusal are of who ended it and of what it was about: they carry what those had read. */
async function readTask(unit: Unit, session: AgentSession, task: TaskRow): Promise<void> {
  const taint = await selectTaintOf(unit, "tasks", [task.id]);
  if (taint !== null) await taintIn(unit, { id: session.agentId, name: session.agent }, taint);
}

function closedWords(task: TaskRow): Refusal {
  const who = task.ended_by === null ? "" : `: ${task.ended_by} has ended it`;
  const why = task.result?.summary ? `: ${task.result.summary.slice(0, whyCharsMax)}` : "";
  return {
    code: "AITO_TASK_CLOSED",
    message: `task ${task.id} is ${task.status}${who}${why}`,
    hint: "nothing of what was handed in now is kept; what was found all the same is told with the tool report, with its receipts",
  };
}

/** Between summary and text of a report. */
const between = "\n\n";

/** The report's marks, apart for summary and text. */
function marksOf(marks: readonly Mark[], summary: string): NonNullable<TaskResult["marks"]> {
  const from = summary.length + between.length;
  return {
    summary: marks.filter((mark) => mark.end <= summary.length),
    text: marks.filter((mark) => mark.start >= from).map((mark) => ({ ...mark, start: mark.start - from, end: mark.end - from })),
  };
}

/** Stores the end, tells who waits for it, and forgets open work for it. */
export async function endTaskIn(
  unit: Unit,
  task: TaskRow,
  end: { status: "done" | "failed" | "cancelled"; result: TaskResult | null; by: string; byAgentId?: string },
): Promise<void> {
  await updateTask(unit, task.id, {
    status: end.status,
    completed_at: unit.now,
    ended_by: end.by,
    result: end.result ? wellFormedDeep(end.result) : null,
  });
  await dropWork(unit, "task", task.id);
  await unit.event({
    type: `task.${end.status}`,
    source: end.by,
    target: task.assigned_name,
    payload: { task: task.id, title: task.title, summary: end.result?.summary ?? "" },
  });
  const summary = `${end.status}: ${task.title}${end.result?.summary ? ` — ${end.result.summary}` : ""}`;
  const done = { type: "task" as const, summary, details: { task: task.id } };
  if (end.byAgentId) await taintTask(unit, task.id, { agentId: end.byAgentId });
  if (end.byAgentId) remember(unit, { agentId: end.byAgentId, ...done });
  // A worker's result goes to whom it worked for; an agent's to who gave it the task.
  const tell = task.worker_agent_id ? task.assigned_name : task.created_name;
  if (tell && tell !== end.by) {
    const text = end.result?.text ? `Task ${summary}\n\n${end.result.text}` : `Task ${summary}`;
    await sendMessageIn(unit, end.by, {
      type: "direct",
      to: tell,
      priority: "normal",
      payload: { text: text.slice(0, toldCharsMax), task_id: task.id, receipts: end.result?.receipts ?? [] },
      wake: task.worker_agent_id !== null || end.status === "failed",
    });
  }
  if (task.worker_agent_id) await cancelBelow(unit, task.worker_agent_id);
  if (task.worker_agent_id) {
    const worker = await agentRowById(unit, task.worker_agent_id, { lock: true });
    if (worker.desired !== "gone" && end.by !== worker.name) await retireWorker(unit, worker);
  }
}

/** Nobody is left to take the results of the workers that this one had started. */
async function cancelBelow(unit: Unit, workerAgentId: string): Promise<void> {
  for (const id of await selectOpenTasksUnder(unit, workerAgentId)) {
    const task = await selectTask(unit, id, true);
    if (task && openStates.has(task.status)) await endTaskIn(unit, task, { status: "cancelled", result: null, by: "system" });
  }
}

/** The decision was approved: its task may start. */
export async function releaseTaskIn(unit: Unit, decisionId: string): Promise<void> {
  for (const task of await selectTasksOfDecision(unit, decisionId)) {
    if (task.status !== "blocked") continue;
    await updateTask(unit, task.id, { status: "pending" });
    await unit.event({
      type: "task.released",
      source: "system",
      target: task.assigned_name,
      payload: { task: task.id, decision: decisionId },
    });
    await startTaskIn(unit, task.id, null);
  }
}

/** The decision was refused, withdrawn or overridden: what has not ended is stopped, with all tasks below it. */
export async function cancelTaskIn(unit: Unit, decisionId: string, by = "system"): Promise<void> {
  for (const task of await selectTaskTree(unit, decisionId)) {
    if (task.status === "done" || task.status === "failed" || task.status === "cancelled") continue;
    await endTaskIn(unit, task, { status: "cancelled", result: null, by });
  }
}
