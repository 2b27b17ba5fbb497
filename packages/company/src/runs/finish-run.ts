import type { ReportRequest } from "@aito/protocol";
import { redactText, wellFormed } from "@aito/base";
import { retireWorker } from "../agents/incarnations.ts";
import { type AgentRow, updateAgent } from "../agents/queries.ts";
import { type AgentSession, fence } from "../agents/session.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { scheduleNextWake } from "../fleet/register-fleet.ts";
import { remember, saveStateIn } from "../memory/save-state.ts";
import { acknowledgeDeliveries } from "../messages/queries.ts";
import { endTaskIn } from "../tasks/finish-task.ts";
import { selectTask } from "../tasks/queries.ts";
import { extendLease, finishWork, retryWork } from "../work/queries.ts";
import { runLeaseMs } from "./claim-run.ts";
import { advanceLoopActions, appendLog, dueLoopActions, endRun, type RunRow } from "./queries.ts";
import { ownRun } from "./run-context.ts";

/** A failed run's work is tried again after this, doubling, at most `attemptsMax` times; then it is given up and said. */
const retryAfterMs = 15_000;
const attemptsMax = 5;

/** The agent's report: state, history, acknowledgements, the next wake. `exit` tells a worker that it is done. */
export async function finishRun(
  deps: CompanyDeps,
  session: AgentSession,
  report: ReportRequest,
): Promise<{ next: "sleep" | "exit" }> {
  return await transact(deps, async (unit) => {
    const agent = await fence(unit, session);
    const run = await ownRun(unit, session, report.run);
    for (const [key, value] of Object.entries(report.state)) await saveStateIn(unit, session, key, value);
    await acknowledgeDeliveries(unit, agent.id, report.acknowledged);
    const error = report.error === null ? null : redactText(wellFormed(report.error));
    await endRun(unit, {
      id: run.id,
      status: report.outcome,
      summary: wellFormed(report.summary),
      error,
      modelCalls: report.modelCalls,
    });
    if (report.outcome !== "nothing_new") await recordRun(unit, agent, run, { ...report, error });
    if (report.outcome === "failed") await failRun(unit, agent, run, error ?? "it gave no reason");
    else {
      await finishWork(unit, run.id);
      await advanceLoopActions(
        unit,
        (await dueLoopActions(unit, agent.id)).map((action) => action.id),
      );
    }
    await updateAgent(unit, agent.id, { doing: null });
    if (agent.kind === "worker") return await settleWorker(unit, agent, report.outcome);
    await scheduleNextWake(unit, agent.id, (agent.loop_interval ?? 3_600) * 1_000);
    return { next: agent.desired === "running" ? "sleep" : "exit" };
  });
}

async function recordRun(unit: Unit, agent: AgentRow, run: RunRow, report: ReportRequest): Promise<void> {
  const kinds = new Set(run.reasons.map((reason) => reason.kind));
  const type =
    report.outcome === "failed" ? "error" : kinds.has("vote") ? "decision" : kinds.has("task") ? "task" : "communication";
  const summary = report.outcome === "failed" ? `failed: ${report.error ?? ""}` : report.summary;
  await remember(unit, {
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

async function failRun(unit: Unit, agent: AgentRow, run: RunRow, error: string): Promise<void> {
  const failures = agent.failures + 1;
  await updateAgent(unit, agent.id, { failures });
  const availableAt = new Date(unit.now.getTime() + retryAfterMs * 2 ** Math.min(failures - 1, 6));
  for (const work of await retryWork(unit, run.id, availableAt, attemptsMax)) {
    await unit.event({
      type: "work.given_up",
      source: agent.name,
      payload: { work: work.id, reason: work.reason, error: error.slice(0, 500) },
    });
  }
}

/** A worker lives for its task: once the task has ended, or its run ended without an end of the task, it goes. */
async function settleWorker(unit: Unit, agent: AgentRow, outcome: ReportRequest["outcome"]): Promise<{ next: "sleep" | "exit" }> {
  const task = agent.task_id ? await selectTask(unit, agent.task_id, true) : null;
  const open = task && (task.status === "running" || task.status === "pending");
  if (open && outcome === "failed" && agent.failures + 1 < attemptsMax) return { next: "sleep" };
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

/** Adds lines to the run's log (bounded) and extends its lease: who writes, lives. */
export async function appendRunLog(
  deps: CompanyDeps,
  session: AgentSession,
  input: { run: string | null; lines: string[] },
): Promise<void> {
  if (!input.run || input.lines.length === 0) return;
  const text = input.lines.map((line) => `${redactText(wellFormed(line))}\n`).join("");
  await transact(deps, async (unit) => {
    await appendLog(unit, input.run!, session.agentId, text);
    await extendLease(unit, input.run!, new Date(unit.now.getTime() + runLeaseMs));
  });
}
