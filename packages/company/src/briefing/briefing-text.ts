import { type BriefingView, type CheckedClaim, microToUsd, type NeedsHuman, type NoticeItem } from "@aito/protocol";

const listedMax = 5;
const lineCharsMax = 160;
const numbersMax = 5;
const usd = (micro: string): string => `$${microToUsd(micro)}`;
const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? "" : "s"}`;
const figure = ({ metric, entity, entityTitle, value, unit, outside }: CheckedClaim): string =>
  `${metric} of ${entityTitle ?? entity}: ${value} ${unit}${outside ? `, told by ${outside.source}, outside` : ""}`;
const item = (text: string, path: string | null): NoticeItem => ({
  text: text.replaceAll(/\s+/g, " ").slice(0, lineCharsMax * 2),
  path,
});

/** Where the console shows it. */
const matterPath = ({ kind, id }: NeedsHuman): string => (kind === "approval" || kind === "escalation" ? `/inbox#${id}` : "/");
const receiptPath = ({ receipts }: CheckedClaim): string => (receipts[0] ? `/receipts/${receipts[0]}` : "/figures");

/** A notice of several lines, each with its record; `detail` is the same as text. */
export interface ToldItems {
  title: string;
  detail: string;
  items: NoticeItem[];
}
const told = (title: string, items: NoticeItem[]): ToldItems => ({
  title,
  items,
  detail: items.map(({ text }) => text).join("\n"),
});

/** Pure: a briefing in a few lines, each with its record, for channels that carry text. What nothing backs is named as unverified. */
export function briefingText(view: BriefingView): ToldItems {
  const { counts, money, needsYou, decisions, tasks, figures, unverified } = view;
  const items = [
    ...needsYou
      .slice(0, listedMax)
      .map((each) => item(`Needs you: ${each.title}${each.until ? ` (until ${clock(each.until)})` : ""}`, matterPath(each))),
    ...decisions
      .slice(0, listedMax)
      .map(({ id, title, status, amountMicroUsd }) => item(`${status}: ${title} (${usd(amountMicroUsd)})`, `/decisions/${id}`)),
    ...tasks.slice(0, listedMax).map(({ id, title, status, summary, numbers }) => {
      const open = numbers.filter(({ receipt }) => receipt === null).map(({ text }) => text);
      const warning = open.length > 0 ? ` (unverified: ${open.slice(0, numbersMax).join(", ")})` : "";
      return item(`${status}: ${title}${summary ? `: ${summary}` : ""}`.slice(0, lineCharsMax) + warning, `/work/${id}`);
    }),
    item(
      `Money: ${usd(money.leftMicroUsd)} of ${usd(money.budgetMicroUsd)} left this month, ${usd(money.approvedMicroUsd)} approved, ` +
        `${usd(money.modelMicroUsd)} for model calls and paid tools${money.unknownCalls > 0 ? ` and ${money.unknownCalls} calls of unknown cost` : ""}.`,
      "/costs",
    ),
    ...figures
      .slice(0, listedMax)
      .map((each) => item(`Figure: ${figure(each)} (receipt ${each.receipts[0] ?? "none"})`, receiptPath(each))),
    ...unverified.slice(0, listedMax).map((each) => item(`UNVERIFIED: ${figure(each)}`, "/figures")),
  ];
  return told(
    `${view.company}: ${counted(counts.needsYou, "matter")} for you, ${counted(counts.decisions, "decision")}, ` +
      `${counted(counts.tasks, "task")} ended`,
    items,
  );
}

/** Pure: what the day brought: what was finished, decided and thought of, by whom, and what it cost. What still waits comes last. */
export function synthesisText(view: BriefingView): ToldItems {
  const { counts, money, needsYou, decisions, tasks, ideas, figures } = view;
  const items = [
    ...tasks.slice(0, listedMax).map(({ id, title, status, by, summary, numbers }) => {
      const open = numbers.filter(({ receipt }) => receipt === null).length;
      const text = `${by ?? "somebody"} ${status}: ${title}: ${summary}`.slice(0, lineCharsMax);
      return item(text + (open > 0 ? ` (unverified: ${open})` : ""), `/work/${id}`);
    }),
    ...decisions
      .slice(0, listedMax)
      .map(({ id, title, status, proposedBy }) => item(`${status}, as ${proposedBy} proposed: ${title}`, `/decisions/${id}`)),
    ...ideas.slice(0, listedMax).map(({ id, title, agent }) => item(`Idea of ${agent}: ${title}`, `/ideas#${id}`)),
    ...figures
      .slice(0, listedMax)
      .map((each) => item(`Figure: ${figure(each)} (receipt ${each.receipts[0] ?? "none"})`, receiptPath(each))),
    item(
      `Spent: ${usd(money.modelMicroUsd)} for model calls and paid tools, ${usd(money.approvedMicroUsd)} approved; ${usd(money.leftMicroUsd)} left.`,
      "/costs",
    ),
    ...(needsYou.length > 0
      ? [item(`For tomorrow: ${counted(counts.needsYou, "matter")} that only you can settle.`, "/inbox")]
      : []),
  ];
  return told(
    `${view.company}, the day: ${counted(counts.tasks, "task")} ended, ${counted(counts.decisions, "decision")}`,
    items,
  );
}

const clock = (iso: string): string => `${iso.slice(0, 16).replace("T", " ")} UTC`;
