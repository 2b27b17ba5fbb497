export type Period = "day" | "week" | "month";

const dayMs = 86_400_000;

/** Pure: the period's first moment and the one after its last, in UTC; weeks begin on Monday. */
export function periodAround(period: Period, at: Date): { start: Date; end: Date } {
  const day = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate()));
  if (period === "day") return { start: day, end: new Date(day.getTime() + dayMs) };
  if (period === "week") {
    const start = new Date(day.getTime() - ((day.getUTCDay() + 6) % 7) * dayMs);
    return { start, end: new Date(start.getTime() + 7 * dayMs) };
  }
  const [year, month] = [at.getUTCFullYear(), at.getUTCMonth()];
  return { start: new Date(Date.UTC(year, month, 1)), end: new Date(Date.UTC(year, month + 1, 1)) };
}

export const iso = (at: Date): string => at.toISOString().slice(0, 10);

/** "2026-03-02", "2026-03-02 to 2026-03-08", "2026-03". */
export function periodName(period: Period, start: Date): string {
  if (period === "day") return iso(start);
  if (period === "month") return iso(start).slice(0, 7);
  return `${iso(start)} to ${iso(new Date(start.getTime() + 6 * dayMs))}`;
}
