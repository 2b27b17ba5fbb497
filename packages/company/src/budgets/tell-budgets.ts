import { microToUsd } from "@aito/protocol";
import { closeAlert, openAlert } from "../alerts/alerts.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { tellFinance } from "../costs/tell-finance.ts";
import { type BudgetNews, markTold, selectBudgetNews, selectOverBudgets } from "./queries.ts";

/**
 * The tick: a budget that has reached its soft share, and one that refuses calls, are told to the CFO and the operator, each once a
 * window. The stop itself does not wait for this.
 */
export async function tellBudgets(deps: CompanyDeps): Promise<number> {
  return await transact(deps, async (unit) => {
    const news = await selectBudgetNews(unit);
    for (const item of news) await tell(unit, item);
    for (const subject of await selectOverBudgets(unit)) await closeAlert(unit, { kind: "budget", subject });
    return news.length;
  });
}

async function tell(unit: Unit, item: BudgetNews): Promise<void> {
  const stopped = item.refused && !item.hard_told;
  const whose = item.scope === "company" ? "the company" : `${item.scope} ${item.target}`;
  const amounts = `$${microToUsd(item.spent_micro_usd)} of $${microToUsd(item.cap_micro_usd)} ${item.period === "total" ? "in all" : `a ${item.period}`}`;
  const title = stopped ? `Budget of ${whose}: calls are refused` : `Budget of ${whose}: ${item.soft_percent} % is reached`;
  await markTold(unit, item, stopped ? "hard" : "soft");
  await unit.event({
    type: stopped ? "budget.stopped" : "budget.soft_limit",
    source: "system",
    payload: {
      scope: item.scope,
      target: item.target,
      period: item.period,
      spent: item.spent_micro_usd.toString(),
      cap: item.cap_micro_usd.toString(),
    },
  });
  await tellFinance(unit, { title, detail: `${amounts} is spent.` });
  if (stopped)
    await openAlert(unit, {
      kind: "budget",
      subject: item.subject,
      title,
      detail: `${amounts} is spent; aito budgets shows it.`,
    });
}
