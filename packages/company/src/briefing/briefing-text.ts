import { type BriefingView, type CheckedClaim, microToUsd } from "@aito/protocol";

const listedMax = 5;
const lineCharsMax = 160;
const numbersMax = 5;
const usd = (micro: string): string => `$${microToUsd(micro)}`;
const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? "" : "s"}`;
const figure = ({ metric, entity, entityTitle, value, unit }: CheckedClaim): string =>
  `${metric} of ${entityTitle ?? entity}: ${value} ${unit}`;

/** Pure: a briefing in a few lines, for channels that carry text. What nothing backs is named as unverified. */
export function briefingText(view: BriefingView): { title: string; detail: string } {
  const { counts, money, needsYou, decisions, tasks, figures, unverified } = view;
  const lines = [
    ...needsYou.slice(0, listedMax).map(({ title, until }) => `Needs you: ${title}${until ? ` (until ${clock(until)})` : ""}`),
    ...decisions.slice(0, listedMax).map(({ title, status, amountMicroUsd }) => `${status}: ${title} (${usd(amountMicroUsd)})`),
    ...tasks.slice(0, listedMax).map(({ title, status, summary, numbers }) => {
      const open = numbers.filter(({ receipt }) => receipt === null).map(({ text }) => text);
      const warning = open.length > 0 ? ` (unverified: ${open.slice(0, numbersMax).join(", ")})` : "";
      return `${status}: ${title}${summary ? `: ${summary}` : ""}`.slice(0, lineCharsMax) + warning;
    }),
    `Money: ${usd(money.leftMicroUsd)} of ${usd(money.budgetMicroUsd)} left this month, ${usd(money.approvedMicroUsd)} approved, ` +
      `${usd(money.modelMicroUsd)} for model calls${money.unknownCalls > 0 ? ` and ${money.unknownCalls} calls of unknown cost` : ""}.`,
    ...figures.slice(0, listedMax).map((each) => `Figure: ${figure(each)} (receipt ${each.receipts[0] ?? "none"})`),
    ...unverified.slice(0, listedMax).map((each) => `UNVERIFIED: ${figure(each)}`),
  ];
  return {
    title:
      `${view.company}: ${counted(counts.needsYou, "matter")} for you, ${counted(counts.decisions, "decision")}, ` +
      `${counted(counts.tasks, "task")} ended`,
    detail: lines.map((line) => line.replaceAll(/\s+/g, " ").slice(0, lineCharsMax * 2)).join("\n"),
  };
}

/** Pure: what the day brought: what was finished, decided and thought of, by whom, and what it cost. What still waits comes last. */
export function synthesisText(view: BriefingView): { title: string; detail: string } {
  const { counts, money, needsYou, decisions, tasks, ideas, figures } = view;
  const lines = [
    ...tasks.slice(0, listedMax).map(({ title, status, by, summary, numbers }) => {
      const open = numbers.filter(({ receipt }) => receipt === null).length;
      return (
        `${by ?? "somebody"} ${status}: ${title}: ${summary}`.slice(0, lineCharsMax) + (open > 0 ? ` (unverified: ${open})` : "")
      );
    }),
    ...decisions.slice(0, listedMax).map(({ title, status, proposedBy }) => `${status}, as ${proposedBy} proposed: ${title}`),
    ...ideas.slice(0, listedMax).map(({ title, agent }) => `Idea of ${agent}: ${title}`),
    ...figures.slice(0, listedMax).map((each) => `Figure: ${figure(each)} (receipt ${each.receipts[0] ?? "none"})`),
    `Spent: ${usd(money.modelMicroUsd)} for model calls, ${usd(money.approvedMicroUsd)} approved; ${usd(money.leftMicroUsd)} left.`,
    ...(needsYou.length > 0 ? [`For tomorrow: ${counted(counts.needsYou, "matter")} that only you can settle.`] : []),
  ];
  return {
    title: `${view.company}, the day: ${counted(counts.tasks, "task")} ended, ${counted(counts.decisions, "decision")}`,
    detail: lines.map((line) => line.replaceAll(/\s+/g, " ").slice(0, lineCharsMax * 2)).join("\n"),
  };
}

const clock = (iso: string): string => `${iso.slice(0, 16).replace("T", " ")} UTC`;
