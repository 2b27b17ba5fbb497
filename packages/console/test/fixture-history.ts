import type { Records } from "../src/records.ts";
import type { All } from "./fixture-company.ts";
import { pageOfRows } from "./fixture-rows.ts";

/** The sealed events. */
export const fixtureHistory = (all: All): Pick<Records, "events" | "eventsAfter" | "head" | "exportEvents" | "verifyEvents"> => ({
  events: async (page) =>
    pageOfRows(
      all.events.filter(
        (row) =>
          (page.types?.includes(row.type) ?? true) &&
          (page.by ?? row.source) === row.source &&
          (page.since?.toISOString() ?? "") <= row.at &&
          row.at < (page.until?.toISOString() ?? "9"),
      ),
      page,
    ),
  eventsAfter: async (seq, limit) =>
    all.events
      .filter((row) => BigInt(row.seq!) > seq)
      .toReversed()
      .slice(0, limit),
  head: async () => BigInt(all.events[0]?.seq ?? 0),
  exportEvents: async function* () {
    yield await Promise.resolve(`${JSON.stringify({ kind: "export" })}\n`);
  },
  verifyEvents: async () => ({ ok: true, count: all.events.length, head: all.events[0]?.hash ?? null, problem: null }),
});
