import type { PollResponse } from "@aito/protocol";
import { fence, type AgentSession } from "../agents/session.ts";
import { type CompanyDeps, transact } from "../company.ts";
import { claimWork, hasOpenWork, reopenRun } from "../work/queries.ts";
import { deleteRun, insertRun, loseRun, setReasons } from "./queries.ts";

/** A run without a report is over after this long; heartbeats extend the lease. */
export const runLeaseMs = 20 * 60_000;
const workPerRunMax = 50;

export interface ClaimedRun {
  run: NonNullable<PollResponse["run"]>;
  /** Ids of the claimed work items, whose queue hints can be removed. */
  workIds: string[];
}

/** Claims all that waits for the agent as one run; null when nothing does. A read comes first, so that an idle poll writes nothing. */
export async function claimRun(deps: CompanyDeps, session: AgentSession): Promise<ClaimedRun | null> {
  const waiting = await deps.db.transaction({ companyId: deps.companyId }, (tx) => hasOpenWork(tx, session.agentId));
  if (!waiting) return null;
  return await transact(deps, async (unit) => {
    await fence(unit, session);
    const runId = unit.newId();
    await insertRun(unit, { id: runId, agent_id: session.agentId, epoch: session.epoch, reasons: [] });
    const work = await claimWork(unit, {
      agentId: session.agentId,
      epoch: session.epoch,
      runId,
      leaseUntil: new Date(unit.now.getTime() + runLeaseMs),
      limit: workPerRunMax,
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

/** The client went away before the run reached it: everything waits again. */
export async function giveBackRun(deps: CompanyDeps, runId: string): Promise<void> {
  await transact(deps, async (unit) => {
    await reopenRun(unit, runId);
    await loseRun(unit, runId, "it could not be handed to the agent");
  });
}
