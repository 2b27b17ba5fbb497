import type { BudgetView, CostCut, CostRow, SuccessCut, SuccessRow } from "@aito/protocol";
import { type CompanyDeps, transact } from "../company.ts";
import { currentFleet } from "../fleet/current-fleet.ts";
import { selectBudgets, selectCosts, selectSuccess } from "./queries.ts";

const rowsMax = 1_000;

/** What model calls cost, by one cut; days begin in the fleet's time zone. */
export async function listCosts(
  deps: CompanyDeps,
  options: { by: CostCut; since?: Date | null; until?: Date | null },
): Promise<CostRow[]> {
  return await transact(deps, async (unit) => {
    const { timeZone } = (await currentFleet(unit)).file.budgets ?? { timeZone: "UTC" };
    const { by, since = null, until = null } = options;
    return await selectCosts(unit, { by, since, until, timeZone, limit: rowsMax });
  });
}

/** The budgets of model calls, the company's first, and how much of each is used now. */
export const listBudgets = (deps: CompanyDeps): Promise<BudgetView[]> => transact(deps, (unit) => selectBudgets(unit));

/** How often it worked, by agent (its workers with it), by tool, or by kind of task. */
export const listSuccess = (deps: CompanyDeps, options: { by: SuccessCut; since?: Date | null }): Promise<SuccessRow[]> =>
  transact(deps, (unit) => selectSuccess(unit, options.by, options.since ?? null));
