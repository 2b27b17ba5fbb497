import { type Intent, madeCall } from "../intent.ts";
import { answerOf, asRecord, type Situation, textOr } from "../situation.ts";
import { waitingDecisions } from "./vote.ts";

const aboutMoney = /\b(budget|costs?|treasury|spend(ing)?)\b/i;

/** The budget left is recorded by whom it is the trade of, when money is voted on, and by whoever's check of it is due. */
export function figureIntents(situation: Situation): Intent[] {
  const { context } = situation;
  const { agent, dueActions, budget } = context;
  if (agent.kind === "worker") return [];
  const votesOnMoney = agent.role === "cfo" && waitingDecisions(context).some(({ amountMicroUsd }) => amountMicroUsd !== "0");
  if (!votesOnMoney && !dueActions.some(({ text, creative }) => !creative && aboutMoney.test(text))) return [];
  const reading: Intent = { tool: "read_figures", input: {}, say: "I read the company's figures.", slots: 2 };
  if (!situation.offered.has("read_figures")) return [recording(budget.usdLeft, null)];
  const read = madeCall(situation, reading);
  if (!read) return [reading];
  const { figures, receipt } = answerOf(read);
  const left = Array.isArray(figures) ? figures.map(asRecord).find(({ metric }) => metric === "budget_left") : undefined;
  return [recording(textOr(left?.["value"], budget.usdLeft), textOr(receipt) || null)];
}

/** What was read is recorded with the receipt of the reading: it counts as verified. */
const recording = (left: string, receipt: string | null): Intent => ({
  tool: "record_metric",
  input: {
    name: "budget_left",
    value: left,
    unit: "USD",
    period: "this month",
    ...(receipt === null ? {} : { receipts: [receipt] }),
  },
  say: `I record that $${left} of the month's budget is left.`,
  followUp: receipt !== null,
});
