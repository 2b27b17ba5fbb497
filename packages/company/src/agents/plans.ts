import type { AgentWhy } from "@aito/protocol";
import { type CompanyDeps, transact } from "../company.ts";
import { stopsOf } from "../kill-switches/find-stop.ts";
import { stoppedText } from "../kill-switches/rules.ts";
import { openTerm } from "../succession/queries.ts";
import { agentRow } from "./agent-row.ts";
import { agentView } from "./list-agents.ts";
import { selectOpenRun, selectPlan, selectWaiting, upsertPlan } from "./plan-queries.ts";

export interface PlannedStep {
  agentId: string;
  do: string;
  why: string;
  /** It was carried out, not only planned. */
  acted: boolean;
}

/** Writes down what the reconciler planned and did, for `whyAgent`. Called with changes only. */
export async function recordPlans(deps: CompanyDeps, steps: PlannedStep[]): Promise<void> {
  if (steps.length === 0) return;
  await transact(deps, async (unit) => {
    for (const step of steps) await upsertPlan(unit, step);
  });
}

/** Why the platform did or did not act for this agent, from records. Error: AITO_AGENT_UNKNOWN. */
export async function whyAgent(deps: CompanyDeps, name: string): Promise<AgentWhy> {
  return await transact(deps, async (unit) => {
    const row = await agentRow(unit, name);
    const stop = (await stopsOf(unit, [row])).get(row.id);
    const plan = await selectPlan(unit, row.id);
    const run = await selectOpenRun(unit, row.id);
    const waiting = await selectWaiting(unit, row.id);
    const iso = (at: Date | null): string | null => at?.toISOString() ?? null;
    return {
      agent: agentView(row, { lead: await openTerm(unit), stop }),
      wanted: row.desired,
      switch: stop ? stoppedText(stop) : null,
      quarantined: row.status === "error" && row.retry_at === null && row.failures > 0 && row.desired === "running",
      failures: row.failures,
      retryAt: iso(row.retry_at),
      replacing: row.replacing,
      failedRuns: row.failed_runs,
      plan: plan && { do: plan.now_do, why: plan.now_why, since: plan.now_since.toISOString() },
      lastAction: plan?.acted_at ? { do: plan.acted_do!, why: plan.acted_why!, at: plan.acted_at.toISOString() } : null,
      run: run && {
        id: run.id,
        startedAt: run.started_at.toISOString(),
        reasons: run.reasons.map((reason) => reason.text),
        leaseUntil: iso(run.lease_until),
        deadlineAt: iso(run.deadline_at),
      },
      waitingWork: waiting.map((work) => ({
        reason: work.reason,
        since: work.created_at.toISOString(),
        notBefore: iso(work.available_at),
      })),
    };
  });
}
