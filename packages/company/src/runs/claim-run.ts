import type { PollResponse } from "@aito/protocol";
import { isCurrent } from "../agents/queries.ts";
import { holdSpeaker } from "../agents/speaker.ts";
import { fence, type AgentSession } from "../agents/session.ts";
import { type CompanyDeps, transact } from "../company.ts";
import { currentFleet } from "../fleet/current-fleet.ts";
import { claimWork, hasOpenWork, reopenRun, withOpenWork } from "../work/queries.ts";
import { stoppedTasks } from "../kill-switches/find-stop.ts";
import { endOpenRuns } from "./end-open-runs.ts";
import { deleteRun, insertRun, loseRun, setReasons } from "./queries.ts";
import { deadlineGraceMs, runLeaseMs, runSeconds, workPerRunMax } from "./run-limits.ts";

export interface ClaimedRun {
  run: NonNullable<PollResponse["run"]>;
  /** Ids of the claimed work items, whose queue hints can be removed. */
  workIds: string[];
}

/**
 * Claims all that waits for the agent as one run; null when nothing does, or when the agent is to end. A read comes first, so that
 * an idle poll writes nothing. Who asks has no run: one that still stands open was not handed over, or not reported, and ends.
 */
export async function claimRun(deps: CompanyDeps, session: AgentSession): Promise<ClaimedRun | null> {
  const waiting = await deps.db.transaction({ companyId: deps.companyId }, async (tx) => {
    if (!(await isCurrent(tx, session))) await holdSpeaker(tx, session);
    return await hasOpenWork(tx, session.agentId);
  });
  if (!waiting) return null;
  return await transact(deps, async (unit) => {
    const agent = await fence(unit, session);
    if (agent.replacing || agent.held !== null || agent.desired !== "running") return null;
    await endOpenRuns(unit, agent, { reason: "its agent asked for the next run without a report", as: "interrupted" });
    const runId = unit.newId();
    const seconds = runSeconds((await currentFleet(unit)).file, agent);
    await insertRun(unit, {
      id: runId,
      agent_id: session.agentId,
      epoch: session.epoch,
      reasons: [],
      lease_until: new Date(unit.now.getTime() + runLeaseMs),
      deadline_at: new Date(unit.now.getTime() + seconds * 1_000 + deadlineGraceMs),
    });
    const work = await claimWork(unit, {
      agentId: session.agentId,
      epoch: session.epoch,
      runId,
      limit: workPerRunMax,
      without: await stoppedTasks(unit),
    });
    if (work.length === 0) {
      await deleteRun(unit, runId);
      return null;
    }
    const reasons = work.map((item) => ({ kind: item.kind, ref: item.ref, text: item.reason }));
    await setReasons(unit, runId, reasons);
    await unit.event({
      type: "agent.run.started",
      source: session.agent,
      payload: { run: runId, epoch: session.epoch, reasons: reasons.map((reason) => reason.text) },
    });
    return { run: { id: runId, reasons }, workIds: work.map((item) => item.id) };
  });
}

/** Which of these agents would be given a run if they asked. */
export async function whoHasWork(deps: CompanyDeps, agentIds: string[]): Promise<string[]> {
  return await deps.db.transaction({ companyId: deps.companyId }, (tx) => withOpenWork(tx, agentIds));
}

/** The client went away before the run reached it: everything waits again. */
export async function giveBackRun(deps: CompanyDeps, runId: string): Promise<void> {
  await transact(deps, async (unit) => {
    await reopenRun(unit, runId);
    await loseRun(unit, runId, "it could not be handed to the agent");
  });
}
