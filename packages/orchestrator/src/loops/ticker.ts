import {
  answerStatusRequests,
  checkAnomalies,
  checkTriggers,
  closeDueRounds,
  closeOldBusAlerts,
  closeStatusQueries,
  type CompanyDeps,
  keepLead,
  openStatusQuery,
  pruneReceiptTexts,
  pruneRecordings,
  relayOutbox,
  releaseExpired,
  returnOverdue,
  ringUnacknowledged,
  sendKickoffIfDue,
  suggestSavings,
  sweepReservations,
  tellBudgets,
  wakeDue,
} from "@aito/company";
import type { World } from "../apply/world.ts";
import { makeOrders } from "./commands.ts";
import type { complaints } from "./complaints.ts";

interface Step {
  name: string;
  everyMs: number;
  run: (deps: CompanyDeps) => Promise<unknown>;
}

/** What is asked "what is due now?", and how often at most. Each step is a use case of its own and idempotent. */
const dueSteps: Step[] = [
  { name: "status requests", everyMs: 0, run: answerStatusRequests },
  { name: "rounds", everyMs: 0, run: closeDueRounds },
  { name: "wakes", everyMs: 500, run: wakeDue },
  { name: "kickoff", everyMs: 1_000, run: sendKickoffIfDue },
  { name: "status queries", everyMs: 1_000, run: closeStatusQueries },
  { name: "status query", everyMs: 1_000, run: openStatusQuery },
  { name: "outbox", everyMs: 1_000, run: relayOutbox },
  { name: "leases", everyMs: 1_000, run: releaseExpired },
  { name: "doorbells", everyMs: 1_000, run: ringUnacknowledged },
  { name: "reservations", everyMs: 5_000, run: sweepReservations },
  { name: "budgets", everyMs: 2_000, run: tellBudgets },
  { name: "recordings", everyMs: 60_000, run: pruneRecordings },
  { name: "receipt texts", everyMs: 3_600_000, run: pruneReceiptTexts },
  { name: "anomalies", everyMs: 60_000, run: checkAnomalies },
  { name: "savings", everyMs: 3_600_000, run: suggestSavings },
  { name: "bus alerts", everyMs: 60_000, run: closeOldBusAlerts },
  { name: "triggers", everyMs: 2_000, run: checkTriggers },
  { name: "overdue answers", everyMs: 1_000, run: returnOverdue },
];

/** Asks for all that is due. One step's failure does not keep the others from running. */
export function makeTicker(world: World, trouble: ReturnType<typeof complaints>): (mayAct: () => boolean) => Promise<void> {
  const { headHeardWithinMs: heardWithinMs } = world.settings;
  const succession: Step = { name: "succession", everyMs: 1_000, run: (deps) => keepLead(deps, { heardWithinMs }) };
  const steps: Step[] = [{ name: "orders", everyMs: 0, run: makeOrders(world) }, ...dueSteps, succession];
  const lastRun = new Map<string, number>();
  return async (mayAct) => {
    for (const step of steps) {
      const now = world.clock.now().getTime();
      const last = lastRun.get(step.name);
      // A clock that was set back must not silence a step.
      if (last !== undefined && now >= last && now - last < step.everyMs) continue;
      if (!mayAct()) return;
      lastRun.set(step.name, now);
      try {
        await step.run(world.deps);
        trouble.worked(step.name);
      } catch (error) {
        trouble.failed(step.name, error);
      }
    }
  };
}
