import { AitoError } from "@aito/base";
import type { BlockingBudget } from "@aito/company";
import { microToUsd } from "@aito/protocol";

const hints: Partial<Record<BlockingBudget["scope"], string>> = {
  task: "propose more for the task",
  key: "lower max_tokens, or make a key with a larger budget: aito keys create",
};

/** Why a call was not made: which budget has too little left for it, and where that went. */
export function budgetSpent(budget: BlockingBudget, needs: bigint, call: { caller: string; cheaper: string }): AitoError {
  const { scope, target, period, capMicroUsd, spentMicroUsd, reservedMicroUsd, promisedMicroUsd } = budget;
  const name = scope === "key" ? call.caller.replace(/^key:/, "") : target;
  const whose = scope === "company" ? "the company's budget" : `the budget of ${scope} ${name}`;
  const parts = [
    `$${microToUsd(spentMicroUsd)} spent`,
    reservedMicroUsd > 0n ? `$${microToUsd(reservedMicroUsd)} set aside for calls that have not ended` : null,
    promisedMicroUsd > 0n ? `$${microToUsd(promisedMicroUsd)} promised` : null,
  ].filter((part) => part !== null);
  return new AitoError(
    "AITO_BUDGET_SPENT",
    `this call may cost $${microToUsd(needs)}, and ${whose} (${period === "total" ? "in all" : `a ${period}`}, $${microToUsd(capMicroUsd)}) has too little left: ${parts.join(", ")}`,
    {
      hint: hints[scope] ?? `${call.cheaper}, wait for the next window, or raise budgets in the fleet file`,
      status: 402,
      fate: "human",
    },
  );
}
