import { type Fleet, usdToMicro } from "@aito/protocol";
import type { Unit } from "../company.ts";
import { type BudgetRow, endOtherBudgets, placeBudget } from "./queries.ts";

const periods = ["day", "month", "total"] as const;

/** Makes the fleet file's budgets for model calls the company's; what was spent in a running window stays spent. */
export async function placeFleetBudgets(unit: Unit, { file }: Fleet): Promise<void> {
  const { budgets } = file;
  const rows: BudgetRow[] = [];
  const add = (scope: BudgetRow["scope"], target: string, caps: { day?: number; month?: number; total?: number }): void => {
    for (const period of periods) {
      const usd = caps[period];
      if (usd === undefined) continue;
      const { softPercent, timeZone } = budgets;
      const capMicroUsd = usdToMicro(usd);
      rows.push({ id: unit.newId(), scope, target, period, capMicroUsd, softPercent, timeZone, source: "fleet" });
    }
  };
  add("company", "", budgets.company ?? { month: file.budget.usd });
  for (const [name, caps] of Object.entries(budgets.departments)) add("department", name.trim().toLowerCase(), caps);
  for (const [name, caps] of Object.entries(budgets.agents)) add("agent", name, caps);
  for (const [name, caps] of Object.entries(budgets.clients)) add("client", name, caps);
  for (const row of rows) await placeBudget(unit, row);
  await endOtherBudgets(unit, rows);
}
