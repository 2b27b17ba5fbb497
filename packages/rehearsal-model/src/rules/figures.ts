import type { Intent } from "../intent.ts";
import type { Situation } from "../situation.ts";
import { waitingDecisions } from "./vote.ts";

const aboutMoney = /\b(budget|costs?|treasury|spend(ing)?)\b/i;

/** The budget left is recorded by whom it is the trade of, when money is voted on, and by whoever's check of it is due. */
export function figureIntents({ context }: Situation): Intent[] {
  const { agent, dueActions, budget } = context;
  if (agent.kind === "worker") return [];
  const votesOnMoney = agent.role === "cfo" && waitingDecisions(context).some(({ amountMicroUsd }) => amountMicroUsd !== "0");
  if (!votesOnMoney && !dueActions.some(({ text, creative }) => !creative && aboutMoney.test(text))) return [];
  return [
    {
      tool: "record_metric",
      input: { name: "budget_left", value: budget.usdLeft, unit: "USD", period: "this month" },
      say: `I record that $${budget.usdLeft} of the month's budget is left.`,
    },
  ];
}
