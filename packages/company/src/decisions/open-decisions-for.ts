import type { Tx } from "@aito/db";
import type { DecisionView } from "@aito/protocol";
import { toDecisionView } from "./decision-view.ts";
import { openRound } from "./machine.ts";
import { selectInRound } from "./queries.ts";
import { waitingFor } from "./voters.ts";

/** More open rounds than an agent can weigh in one run; the rest are in the next one. */
const openDecisionsMax = 200;

/** Decisions that wait for this agent's ballot, the most pressing first. A council member whose leaning stands is not asked again. */
export async function openDecisionsFor(tx: Tx, agent: string): Promise<DecisionView[]> {
  const rows = await selectInRound(tx, openDecisionsMax);
  return rows
    .filter((row) => {
      const round = openRound(row.machine);
      return round !== null && waitingFor(row.machine, round).includes(agent);
    })
    .map(toDecisionView);
}
