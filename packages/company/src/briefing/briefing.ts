import type { BriefingView, CheckedClaim, NeedsHuman } from "@aito/protocol";
import { sumUsageWithin } from "../budgets/queries.ts";
import { type NumberReader, numberReader } from "../claims/back-numbers.ts";
import { figuresIn } from "../claims/list-claims.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { budgetLeft } from "../decisions/budget-left.ts";
import { currentFleet } from "../fleet/current-fleet.ts";
import { selectSwitches } from "../kill-switches/queries.ts";
import { viewOf } from "../kill-switches/list-switches.ts";
import { approvedWithin, type BriefedTask, decisionsWithin, ideasWithin, tasksWithin, waitingForHuman } from "./queries.ts";

const listedMax = 20;
const summaryCharsMax = 500;
const hourMs = 3_600_000;

/** What happened within the last hours, from records alone: no model writes any of it. */
export const briefing = (deps: CompanyDeps, { hours = 24 }: { hours?: number | undefined } = {}): Promise<BriefingView> =>
  transact(deps, (unit) => briefingIn(unit, { hours }));

export async function briefingIn(unit: Unit, { hours }: { hours: number }): Promise<BriefingView> {
  const within = { from: new Date(unit.now.getTime() - hours * hourMs), to: unit.now, limit: listedMax };
  const waiting = await waitingForHuman(unit, listedMax);
  const stopped = await switchesOn(unit);
  const decisions = await decisionsWithin(unit, within);
  const tasks = await tasksWithin(unit, within);
  const ideas = await ideasWithin(unit, within);
  const figures = await figuresIn(unit, { sinceMs: hours * hourMs });
  const read = await numberReader(unit);
  return {
    company: (await currentFleet(unit)).file.name,
    from: within.from.toISOString(),
    to: within.to.toISOString(),
    needsYou: [
      ...stopped,
      ...waiting.map(({ kind, id, title, since, until }) => ({
        kind,
        id,
        title,
        since: since.toISOString(),
        until: until?.toISOString() ?? null,
      })),
    ],
    decisions: decisions.map(({ id, title, status, amount_micro_usd, proposed_by, at }) => ({
      id,
      title,
      status,
      amountMicroUsd: amount_micro_usd.toString(),
      proposedBy: proposed_by,
      at: at.toISOString(),
    })),
    tasks: tasks.map((task) => briefedTask(task, read)),
    ideas: ideas.map(({ id, title, score, agent }) => ({ id, title, score, agent })),
    counts: {
      needsYou: stopped.length + (waiting[0]?.total ?? 0),
      decisions: decisions[0]?.total ?? 0,
      tasks: tasks[0]?.total ?? 0,
      ideas: ideas[0]?.total ?? 0,
    },
    money: await moneyOf(unit, within),
    figures: figures.verified.slice(0, listedMax),
    unverified: figures.unverified.slice(0, listedMax) satisfies CheckedClaim[],
  };
}

function briefedTask({ id, title, status, by, result, at }: BriefedTask, read: NumberReader): BriefingView["tasks"][number] {
  const summary = (result?.summary ?? "").slice(0, summaryCharsMax);
  return { id, title, status, by, summary, numbers: read(summary, { task: id }), at: at.toISOString() };
}

async function switchesOn(unit: Unit): Promise<NeedsHuman[]> {
  const on: NeedsHuman[] = [];
  for (const row of await selectSwitches(unit, { withResumed: false, limit: listedMax })) {
    const { id, label, reason, pressedAt } = await viewOf(unit, row);
    on.push({ kind: "stopped", id, title: `Stopped: ${label}: ${reason}`, since: pressedAt, until: null });
  }
  return on;
}

async function moneyOf(unit: Unit, { from, to }: { from: Date; to: Date }): Promise<BriefingView["money"]> {
  const budget = await budgetLeft(unit);
  const models = await sumUsageWithin(unit, { from, to });
  return {
    budgetMicroUsd: budget.totalMicroUsd.toString(),
    leftMicroUsd: budget.leftMicroUsd.toString(),
    approvedMicroUsd: await approvedWithin(unit, { from, to }),
    modelMicroUsd: models.knownMicroUsd.toString(),
    unknownCalls: models.unknownCalls,
  };
}
