import { hasOpenCall, lastCallEnd } from "../approvals/queries.ts";
import { hasOpenChange } from "../changes/queries.ts";
import { agentRowById } from "../agents/agent-row.ts";
import { revokeSessions, selectWorkersSince } from "../agents/queries.ts";
import { retireWorker } from "../agents/retire-worker.ts";
import { type CompanyDeps, transact } from "../company.ts";
import { currentFleet } from "../fleet/current-fleet.ts";
import { endTaskIn } from "../tasks/finish-task.ts";
import { selectTask } from "../tasks/queries.ts";
import { endOpenRuns } from "./end-open-runs.ts";
import { expiredRuns, selectRun } from "./queries.ts";
import { deadlineGraceMs, runSeconds } from "./run-limits.ts";

const expiredMax = 50;

/** The tick: ends what has run out of time, runs without progress and workers over their limit. Returns how many. */
export async function releaseExpired(deps: CompanyDeps): Promise<number> {
  const expired = await deps.db.transaction({ companyId: deps.companyId }, (tx) => expiredRuns(tx, expiredMax));
  let ended = 0;
  for (const run of expired) if (await endExpired(deps, run)) ended += 1;
  return ended + (await endOverdueWorkers(deps));
}

/**
 * The process may well be alive, but it does not work: its session ends with its run, so that it cannot go on with what somebody
 * else will do now. Its container is then refused, exits, and is replaced.
 */
async function endExpired(deps: CompanyDeps, run: { id: string; agent_id: string }): Promise<boolean> {
  return await transact(deps, async (unit) => {
    const agent = await agentRowById(unit, run.agent_id, { lock: true });
    const seen = await selectRun(unit, run.id);
    // A report or a heartbeat may have been faster: judged again under the lock.
    if (seen?.status !== "running" || !seen.lease_until || seen.lease_until >= unit.now) return false;
    const reason =
      seen.deadline_at && seen.deadline_at < unit.now ? "its run took longer than it may" : "its run made no progress";
    await endOpenRuns(unit, agent, { reason, as: "lost" });
    await revokeSessions(unit, agent.id);
    await unit.event({
      type: "agent.hung",
      source: "system",
      target: agent.name,
      payload: { epoch: agent.epoch, run: run.id, reason },
    });
    return true;
  });
}

/** A worker whose change is under review is left so long, for it mends what the review asks for. */
const reviewMsMax = 6 * 3_600_000;

/**
 * A worker has its type's time (`timeLimitSeconds`), counted from the start of its container; then its task has failed. While its change is
 * under review it has six hours. While a call of its waits for a human it has that call's own time, and its type's again from the answer.
 */
async function endOverdueWorkers(deps: CompanyDeps): Promise<number> {
  const scope = { companyId: deps.companyId };
  const overdue = await deps.db.transaction(scope, async (tx) => {
    const workers = await selectWorkersSince(tx, new Date(tx.now.getTime() - deadlineGraceMs));
    if (workers.length === 0) return [];
    const { file } = await currentFleet(tx);
    return workers
      .map((worker) => ({
        ...worker,
        limitMs: runSeconds(file, { kind: "worker", type: worker.type }) * 1_000 + deadlineGraceMs,
      }))
      .filter(({ started_at, limitMs }) => started_at.getTime() + limitMs < tx.now.getTime());
  });
  for (const worker of overdue) {
    await transact(deps, async (unit) => {
      const agent = await agentRowById(unit, worker.id, { lock: true });
      const task = agent.task_id && agent.desired === "running" ? await selectTask(unit, agent.task_id, true) : null;
      if (!task || agent.epoch !== worker.epoch) return;
      if (task.status !== "pending" && task.status !== "running") return await retireWorker(unit, agent);
      // Its change waits for others: their time is not its own.
      const withOthers = unit.now.getTime() - worker.started_at.getTime() < reviewMsMax && (await hasOpenChange(unit, agent.id));
      if (withOthers || (await hasOpenCall(unit, agent.id))) return;
      const answered = await lastCallEnd(unit, agent.id);
      if (answered && answered.getTime() + worker.limitMs >= unit.now.getTime()) return;
      const summary = "the worker ran over its time limit";
      await endTaskIn(unit, task, { status: "failed", result: { summary, text: null, receipts: [] }, by: "system" });
    });
  }
  return overdue.length;
}
