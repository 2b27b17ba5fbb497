import { type CheckedClaim, type FiguresView, microToUsd } from "@aito/protocol";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { budgetLeft } from "../decisions/budget-left.ts";
import { ownSource } from "../evidence/record-receipt.ts";
import { countCompanyTasks } from "../tasks/queries.ts";
import { type ClaimRow, selectClaims, selectClaimsCiting, selectClaimsOfTask } from "./queries.ts";

const citingMax = 50;
const ofTaskMax = 500;
const figuresMax = 500;
const dayMs = 86_400_000;
/** How far back figures are read; a period's stay true for so long. */
const figureDays = 90;

export const toCheckedClaim = (row: ClaimRow): CheckedClaim => ({
  id: row.id,
  agent: row.agent,
  task: row.task_id,
  metric: row.metric,
  value: row.value,
  unit: row.unit,
  period: row.period_from && row.period_to && { from: row.period_from.toISOString(), to: row.period_to.toISOString() },
  entity: row.entity,
  ...(row.entity_title === null ? {} : { entityTitle: row.entity_title }),
  receipts: row.receipts,
  ...(row.source === null || row.source === ownSource
    ? {}
    : { outside: { source: row.source, tool: row.source_tool ?? row.source } }),
  verified: row.verified && row.disputed_in === null && row.withdrawn_by === null && row.refuted_at === null,
  why: whyNot(row),
  observedAt: row.observed_at?.toISOString() ?? null,
  at: row.created_at.toISOString(),
});

/** What a human has said of it. */
export const refutedWords = (row: Pick<ClaimRow, "refuted_by" | "refuted_why" | "upheld_value">): string =>
  `${row.refuted_by} has settled that ${row.upheld_value === null ? "it does not hold" : `${row.upheld_value} holds`}: ${row.refuted_why}`;

function whyNot(row: ClaimRow): string | null {
  const { why, disputed_in: task, withdrawn_by: later } = row;
  if (row.refuted_at !== null) return refutedWords(row);
  if (later !== null) return `its agent states another value since then (claim ${later})`;
  return task === null
    ? why
    : `it contradicts another agent's, and neither has stated another value since; task ${task} is for both`;
}

export const claimsCiting = async (unit: Unit, receiptId: string): Promise<CheckedClaim[]> =>
  (await selectClaimsCiting(unit, receiptId, citingMax)).map(toCheckedClaim);

/** A task's claims as they stand now. */
export const claimsOfTask = async (unit: Unit, taskId: string): Promise<CheckedClaim[]> =>
  (await selectClaimsOfTask(unit, taskId, ofTaskMax)).map(toCheckedClaim);

/**
 * The company's figures as far as they can be followed to receipts: the newest verified claim of each metric, entity, period and
 * unit. Claims that nothing backs, that are disputed, or about a moment more than a day ago stand apart.
 */
export async function figuresIn(
  unit: Unit,
  filter: { agentIds?: readonly string[]; sinceMs?: number } = {},
): Promise<FiguresView> {
  const since = new Date(unit.now.getTime() - (filter.sinceMs ?? figureDays * dayMs));
  const of = { since, agentIds: filter.agentIds, limit: figuresMax };
  // Apart, so that no number of claims that nothing backs hides one that is.
  const rows = [
    ...(await selectClaims(unit, { ...of, verified: true })),
    ...(await selectClaims(unit, { ...of, verified: false })),
  ].toSorted((a, b) => (a.id < b.id ? 1 : -1));
  const figures: FiguresView = { verified: [], unverified: [] };
  const seen = new Set<string>();
  for (const row of rows) {
    const claim = toCheckedClaim(row);
    const key = JSON.stringify([claim.metric, claim.entity, claim.unit, claim.period]);
    if (!claim.verified) figures.unverified.push(claim);
    else if (row.period_from === null && unit.now.getTime() - row.observed_at!.getTime() > dayMs) {
      figures.unverified.push({ ...claim, verified: false, why: "it was measured more than a day ago" });
    } else if (!seen.has(key)) {
      seen.add(key);
      figures.verified.push(claim);
    }
  }
  return figures;
}

/** A figure that the platform works out from its own records. */
export interface OwnFigure {
  metric: string;
  value: string;
  unit: string;
  period: null;
  entity: string;
  observed_at: string;
  by: "aito";
  receipts: string[];
}

/** The same with what the company's own records say now. */
export async function companyNumbers(deps: CompanyDeps): Promise<FiguresView & { own: OwnFigure[] }> {
  return await transact(deps, async (unit) => {
    const budget = await budgetLeft(unit);
    const tasks = await countCompanyTasks(unit);
    const own = (metric: string, value: string, of: string): OwnFigure => ({
      metric,
      value,
      unit: of,
      period: null,
      entity: "company",
      observed_at: unit.now.toISOString(),
      by: "aito",
      receipts: [],
    });
    return {
      ...(await figuresIn(unit)),
      own: [
        own("budget_total", microToUsd(budget.totalMicroUsd), "USD"),
        own("budget_left", microToUsd(budget.leftMicroUsd), "USD"),
        own("tasks_open", String(tasks.open), "count"),
        own("tasks_done", String(tasks.done), "count"),
      ],
    };
  });
}
