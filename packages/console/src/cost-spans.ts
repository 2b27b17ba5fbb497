import { dayAfter, isDay } from "./spent-days.ts";

/** The times whose costs can be asked for, each in whole days of the company, today the last one. */
export const costSpans = { today: 1, week: 7, month: 30, all: null } as const;
export type CostSpan = keyof typeof costSpans;

/** The company's day with which it begins; undefined where it begins with the first record. */
export function firstDay(span: CostSpan, today: string): string | undefined {
  const days = costSpans[span];
  return days === null || !isDay(today) ? undefined : dayAfter(today, 1 - days);
}

const written = new Intl.DateTimeFormat("en", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
/** A day as people write it. */
export const inWords = (day: string): string => written.format(new Date(`${day}T00:00:00Z`));

/** The same in words, with whose midnight it is. */
export function spanTold(span: CostSpan, { today, timeZone }: { today: string; timeZone: string }): string {
  const from = firstDay(span, today);
  if (from === undefined) return "From the first record until now.";
  return `From ${inWords(from)}, midnight in ${timeZone.replaceAll("_", " ")}, until now.`;
}
