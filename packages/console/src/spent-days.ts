import type { BudgetView, CostForecast } from "@aito/protocol";

/** Micro-dollars of one day, as the company counts days. */
export interface SpentDay {
  day: string;
  models: bigint;
  containers: bigint;
}

/** A day of the running month: its sum up to then, or what it will likely be; today has both, so that the lines meet. */
export interface MonthDay {
  day: string;
  spent: bigint | null;
  estimated: bigint | null;
}

const daysMax = 30;
const dayMs = 86_400_000;
export const isDay = (text: string | null): text is string =>
  text !== null && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
export const dayAfter = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);

/** Every day from the first that is there until today, at most the last thirty; those between stand with nothing. Empty where there are none. */
export function spentDays({ days, today }: Pick<CostForecast, "days" | "today">): SpentDay[] {
  const spent = new Map(days.map((each) => [each.day, each]));
  const first = [...spent.keys()].filter(isDay).toSorted()[0];
  if (first === undefined || !isDay(today)) return [];
  return Array.from({ length: daysMax }, (_, index) => dayAfter(today, index + 1 - daysMax))
    .filter((day) => day >= first)
    .map((day) => ({
      day,
      models: BigInt(spent.get(day)?.modelsMicroUsd ?? "0"),
      containers: BigInt(spent.get(day)?.containersMicroUsd ?? "0"),
    }));
}

/** How the month's sum of model calls and paid tools grew, and, where the estimate is known, how it grows on to its end. */
export function monthCourse({
  days: spent,
  today,
  monthMicroUsd,
}: Pick<CostForecast, "days" | "today" | "monthMicroUsd">): MonthDay[] {
  if (!isDay(today)) return [];
  const paid = new Map(spent.map(({ day, modelsMicroUsd }) => [day, BigInt(modelsMicroUsd)]));
  const month = today.slice(0, 8);
  const now = Number(today.slice(8));
  const last = Number(dayAfter(`${dayAfter(`${month}01`, 31).slice(0, 8)}01`, -1).slice(8));
  const days = Array.from({ length: last }, (_, index) => `${month}${String(index + 1).padStart(2, "0")}`);
  let sum = 0n;
  const sums = days.map((day) => (sum += day <= today ? (paid.get(day) ?? 0n) : 0n));
  const more = monthMicroUsd === null ? null : BigInt(monthMicroUsd) - sum;
  return days.map((day, index) => ({
    day,
    spent: day <= today ? sums[index]! : null,
    estimated: more === null || day < today || last === now ? null : sum + (more * BigInt(index + 1 - now)) / BigInt(last - now),
  }));
}

/** What the whole company may pay for models and tools in such a time; null where no budget says so. */
export function companyCap(budgets: readonly BudgetView[], period: BudgetView["period"]): bigint | null {
  const caps = budgets
    .filter((budget) => budget.scope === "company" && budget.period === period)
    .map((budget) => BigInt(budget.capMicroUsd));
  return caps.length === 0 ? null : caps.reduce((least, cap) => (cap < least ? cap : least));
}
