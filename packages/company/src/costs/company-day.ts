import type { Unit } from "../company.ts";
import { latestFile } from "../fleet/current-fleet.ts";
import { selectMidnight } from "./queries.ts";

/** Where a span of costs begins or ends: a moment, or a day as `2026-11-21`, which begins at midnight as the company counts days. */
export type SpanEdge = Date | string;

/** The time zone that the company counts its days in: that of its budgets. */
export const companyZone = async (unit: Unit): Promise<string> => (await latestFile(unit))?.budgets?.timeZone ?? "UTC";

/** One rule for calls and containers, so that their sums are of the same time. */
export async function momentsOf(
  unit: Unit,
  { since = null, until = null }: { since?: SpanEdge | null; until?: SpanEdge | null },
): Promise<{ since: Date | null; until: Date | null; timeZone: string }> {
  const timeZone = await companyZone(unit);
  const moment = async (edge: SpanEdge | null) => (typeof edge === "string" ? await selectMidnight(unit, edge, timeZone) : edge);
  return { since: await moment(since), until: await moment(until), timeZone };
}
