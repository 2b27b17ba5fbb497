import type { BudgetView, CallCut, CostCut, CostForecast, CostRow, ModelCall, SuccessCut, SuccessRow } from "@aito/protocol";
import { type CompanyDeps, transact } from "../company.ts";
import { infraCostsIn } from "../infra/infra-costs.ts";
import { companyZone, momentsOf, type SpanEdge } from "./company-day.ts";
import { wholeForecast } from "./forecast.ts";
import { selectBudgets, selectCalls, selectCosts, selectCostsByDay, selectSuccess } from "./queries.ts";

const rowsMax = 1_000;
/** A month and the days before it that the mean needs. */
const forecastSeesMs = 40 * 86_400_000;

/** What model calls cost, by one cut; days begin in the fleet's time zone. */
export async function listCosts(
  deps: CompanyDeps,
  { by, ...span }: { by: CostCut; since?: SpanEdge | null; until?: SpanEdge | null },
): Promise<CostRow[]> {
  return await transact(deps, async (unit) => {
    const { timeZone, ...edges } = await momentsOf(unit, span);
    const asked = { ...edges, limit: rowsMax };
    return by === "day" ? await selectCostsByDay(unit, asked, timeZone) : await selectCosts(unit, by, asked);
  });
}

/** This month's cost so far and what it will likely come to. */
export async function costForecast(deps: CompanyDeps): Promise<CostForecast> {
  return await transact(deps, async (unit) => {
    const timeZone = await companyZone(unit);
    const since = new Date(unit.now.getTime() - forecastSeesMs);
    const rows = await selectCostsByDay(unit, { since, until: null, limit: rowsMax }, timeZone);
    const infra = await infraCostsIn(unit, { by: "day", since });
    // Swedish writes a date as the rows are named.
    const today = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short" }).format(unit.now);
    return { ...wholeForecast(rows, infra, today), timeZone };
  });
}

/** The calls that costs are made of, newest first. */
export async function listCalls(
  deps: CompanyDeps,
  { since = null, ...cut }: CallCut & { since?: SpanEdge | null; before?: string | undefined; limit: number },
): Promise<ModelCall[]> {
  return await transact(deps, async (unit) => selectCalls(unit, { ...cut, since: (await momentsOf(unit, { since })).since }));
}

/** The budgets of model calls, the company's first, and how much of each is used now. */
export const listBudgets = (deps: CompanyDeps): Promise<BudgetView[]> => transact(deps, (unit) => selectBudgets(unit));

/** How often it worked, by agent (its workers with it), by tool, or by kind of task. */
export const listSuccess = (deps: CompanyDeps, options: { by: SuccessCut; since?: Date | null }): Promise<SuccessRow[]> =>
  transact(deps, (unit) => selectSuccess(unit, options.by, options.since ?? null));
