import type { ReportRequest } from "@aito/protocol";
import { redactText, wellFormed } from "@aito/base";
import { closeAlert, openAlert } from "../alerts/alerts.ts";
import { retireWorker } from "../agents/retire-worker.ts";
import { type AgentRow, updateAgent } from "../agents/queries.ts";
import { type AgentSession, fence } from "../agents/session.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { openDecisionsFor } from "../decisions/open-decisions-for.ts";
import { hasCast } from "../decisions/queries.ts";
import { scheduleNextWake } from "../fleet/register-fleet.ts";
import { remember } from "../memory/remember.ts";
import { runStop } from "../kill-switches/find-stop.ts";
import { type ActiveSwitch, stoppedText } from "../kill-switches/rules.ts";
import { rememberRun } from "../memory/remember-run.ts";
import { saveStateIn } from "../memory/save-state.ts";
import { acknowledgeDeliveries, hasUnread } from "../messages/queries.ts";
import { endTaskIn, waitsForMore } from "../tasks/finish-task.ts";
import { selectTask } from "../tasks/queries.ts";
import { addWork, addWorks } from "../work/add-work.ts";
import { dropEndedTasks, finishWork, hasUndoneWork, retryWork } from "../work/queries.ts";
import { endOpenRuns } from "./end-open-runs.ts";
import { advanceLoopActions, appendLog, dueLoopActions, endRun, extendLease, type RunRow } from "./queries.ts";
import { messagesMax, ownRun } from "./run-context.ts";
import { runLeaseMs, workPerRunMax } from "./run-limits.ts";

/** After a failed run the agent rests this long, doubling with each further one in a row. */
const retryAfterMs = 15_000;
const doublingsMax = 6;
/** An item is tried this often; then it is given up and said. */
const attemptsMax = 5;

/**
 * The agent's report: state, history, acknowledgements, the next wake. `exit` tells a worker that it is done. Of a run that a kill switch
 * stops nothing is kept.
 */
export async function finishRun(
  deps: CompanyDeps,
  session: AgentSession,
  report: ReportRequest,
): Promise<{ next: "sleep" | "exit" }> {
  return await transact(deps, async (unit) => {
    const agent = await fence(unit, session);
    const run = await ownRun(unit, session, report.run);
    const stop = await runStop(unit, agent);
    if (stop) return await endStopped(unit, agent, stop);
    for (const [key, value] of Object.entries(report.state)) await saveStateIn(unit, session, { key, value });
    await acknowledgeDeliveries(unit, agent.id, report.acknowledged);
    if (report.acknowledged.length >= messagesMax && (await hasUnread(unit, agent.id))) await wakeForRest(unit, agent);
    const error = report.error === null ? null : redactText(wellFormed(report.error));
    await endRun(unit, {
      id: run.id,
      status: report.outcome,
      summary: redactText(wellFormed(report.summary)),
      error,
      modelCalls: report.modelCalls,
    });
    if (report.outcome !== "nothing_new") {
      await rememberRun(unit, { id: run.id, agentId: agent.id, startedAt: run.started_at, acknowledged: report.acknowledged });
      await recordRun(unit, agent, run, { ...report, error });
    }
    const notBefore =
      report.outcome === "failed"
        ? await failRun(unit, agent, run, { error: error ?? "it gave no reason", interrupted: report.interrupted === true })
        : unit.now;
    if (report.outcome !== "failed") {
      await finishWork(unit, run.id);
      await wakeForBallots(unit, agent, run);
      // Those that the run was shown: what fell due meanwhile is due at the next one.
      const done = await dueLoopActions(unit, agent.id, run.started_at);
      await advanceLoopActions(
        unit,
        done.map((action) => action.id),
      );
      await updateAgent(unit, agent.id, { failed_runs: 0 });
      if (agent.failed_runs > 0) await closeAlert(unit, { kind: "work", subject: agent.name });
    }
    await updateAgent(unit, agent.id, { doing: null });
    if (agent.kind === "worker") return await settleWorker(unit, agent, report.outcome);
    await scheduleNextWake(unit, agent.id, (agent.loop_interval ?? 3_600) * 1_000, notBefore);
    return { next: agent.desired === "running" ? "sleep" : "exit" };
  });
}

/** What a stopped run has to say is not heard, and what it had waits again: it did not fail at it. */
async function endStopped(unit: Unit, agent: AgentRow, stop: ActiveSwitch): Promise<{ next: "sleep" | "exit" }> {
  await endOpenRuns(unit, agent, { reason: stoppedText(stop), as: "stopped" });
  await updateAgent(unit, agent.id, { doing: null });
  return { next: agent.desired === "running" ? "sleep" : "exit" };
}

/** A run reads one page of messages; their own wakes may all have been spent on it. */
async function wakeForRest(unit: Unit, agent: AgentRow): Promise<void> {
  await addWork(unit, { agent, kind: "wake", ref: null, reason: "more unread messages", dedupKey: "inbox" });
}

/**
 * A run may not get through all that it was asked to vote on: who cast some is asked for the rest at once, and not only when a
 * deadline has passed. Who cast none is not asked again: the deadline is its answer.
 */
async function wakeForBallots(unit: Unit, agent: AgentRow, run: RunRow): Promise<void> {
  const decisions = run.reasons.flatMap(({ kind, ref }) => (kind === "vote" && ref !== null ? [ref] : []));
  if (decisions.length === 0 || !(await hasCast(unit, { voter: agent.name, decisions, since: run.started_at }))) return;
  const left = (await openDecisionsFor(unit, agent.name)).slice(0, workPerRunMax);
  await addWorks(
    unit,
    left.map(({ id, title, round }) => ({
      agent,
      kind: "vote",
      ref: id,
      reason: `"${title}" still waits for your ballot (round ${round})`,
      priority: 8,
      dedupKey: `vote:${id}:${round}`,
    })),
  );
}

async function recordRun(unit: Unit, agent: AgentRow, run: RunRow, report: ReportRequest): Promise<void> {
  const kinds = new Set(run.reasons.map((reason) => reason.kind));
  const type =
    report.outcome === "failed" ? "error" : kinds.has("vote") ? "decision" : kinds.has("task") ? "task" : "communication";
  const summary = report.outcome === "failed" ? `failed: ${report.error ?? ""}` : redactText(report.summary);
  remember(unit, {
    agentId: agent.id,
    type,
    summary: wellFormed(summary) || "done",
    details: { run: run.id },
    runId: run.id,
  });
  await unit.event({
    type: report.outcome === "failed" ? "agent.run.failed" : "agent.run.done",
    source: agent.name,
    payload: { run: run.id, summary: wellFormed(summary).slice(0, 500), modelCalls: report.modelCalls },
  });
}

/**
 * Returns before when the agent is not to be woken for the same again: its loop's actions are still due. A run that the gateway's
 * absence broke off is no failure of the agent: its work waits again at once, and is counted as an interruption.
 */
async function failRun(
  unit: Unit,
  agent: AgentRow,
  run: RunRow,
  { error, interrupted }: { error: string; interrupted: boolean },
): Promise<Date> {
  if (interrupted) {
    await endOpenRuns(unit, agent, { reason: error, as: "interrupted" });
    return unit.now;
  }
  const failed = agent.failed_runs + 1;
  await updateAgent(unit, agent.id, { failed_runs: failed });
  const availableAt = new Date(unit.now.getTime() + retryAfterMs * 2 ** Math.min(failed - 1, doublingsMax));
  await dropEndedTasks(unit, agent.id);
  for (const work of await retryWork(unit, run.id, availableAt, attemptsMax)) {
    await unit.event({
      type: "work.given_up",
      source: agent.name,
      payload: { work: work.id, reason: work.reason, error: error.slice(0, 500) },
    });
    // A worker's task ends with it, and whoever gave it is told.
    if (work.kind === "task" && agent.kind === "agent") await tellGivenUp(unit, agent, { ...work, error });
  }
  return availableAt;
}

/** Its task stays open and is in the next run that something else wakes it for, which may be long after; until one ends well this is said. */
async function tellGivenUp(
  unit: Unit,
  agent: AgentRow,
  work: { ref: string | null; reason: string; error: string },
): Promise<void> {
  await openAlert(unit, {
    kind: "work",
    subject: agent.name,
    title: `${agent.name} does not get on with a task`,
    detail:
      `${attemptsMax} runs of it for "${work.reason}" failed; the last: ${work.error.slice(0, 1_000)}. The task is open, and is tried again ` +
      `only when ${agent.name} wakes next. See why: aito why ${agent.name}; end it or give it to somebody else: aito tasks show ${work.ref ?? ""}`,
  });
}

/** A worker lives for its task: once the task has ended, or nothing is left that could end it, it goes. */
async function settleWorker(unit: Unit, agent: AgentRow, outcome: ReportRequest["outcome"]): Promise<{ next: "sleep" | "exit" }> {
  const task = agent.task_id ? await selectTask(unit, agent.task_id, true) : null;
  const open = task && (task.status === "running" || task.status === "pending");
  if (open && outcome === "failed" && (await hasUndoneWork(unit, agent.id))) return { next: "sleep" };
  if (open && outcome !== "failed" && (await waitsForMore(unit, agent.id))) return { next: "sleep" };
  if (open) {
    await endTaskIn(unit, task, {
      status: "failed",
      result: { summary: "the worker ended without a result", text: null, receipts: [] },
      by: agent.name,
      byAgentId: agent.id,
    });
  }
  await retireWorker(unit, agent);
  return { next: "exit" };
}

/** Adds lines to the run's log (bounded) and extends its lease: who writes, makes progress. */
export async function appendRunLog(
  deps: CompanyDeps,
  session: AgentSession,
  input: { run: string | null; lines: string[] },
): Promise<void> {
  if (!input.run || input.lines.length === 0) return;
  const text = input.lines.map((line) => `${redactText(wellFormed(line))}\n`).join("");
  await transact(deps, async (unit) => {
    await fence(unit, session);
    await appendLog(unit, input.run!, session.agentId, text);
    const until = new Date(unit.now.getTime() + runLeaseMs);
    await extendLease(unit, { agentId: session.agentId, epoch: session.epoch, until });
  });
}
