import type { Records } from "../src/records.ts";
import type { All } from "./fixture-company.ts";
import { decisions } from "./fixture-data.ts";
import { found, type Note, pageOfRows } from "./fixture-rows.ts";

/** What was decided and is being decided. */
export const fixtureDecisions = (all: All, note: Note): Pick<Records, "propose" | "decisions" | "decision" | "override"> => ({
  propose: async (proposal) => {
    note("propose", proposal);
    return decisions()[4]!;
  },
  decisions: async (page) =>
    pageOfRows(
      all.decisions.filter((row) => !page.status || row.status === page.status),
      page,
    ),
  decision: async (wanted) =>
    found(
      all.decisions.find((row) => row.id === wanted),
      "DECISION",
    ),
  override: async (wanted, operator, reason) => {
    note("override", wanted, operator, reason);
    const decision = found(
      all.decisions.find((row) => row.id === wanted),
      "DECISION",
    );
    return { decision: { ...decision, status: "overridden" }, stopped: [], ran: [] };
  },
});
