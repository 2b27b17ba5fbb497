import type { CompanyDeps } from "../company.ts";
import { checkDecision, parseStep, stepTypes } from "./check-decision.ts";
import { decisionBodies, decisionIdsAfter, holdTallies, votesOf } from "./queries.ts";

/** Where the steps of each decision stand in the chain. */
export type DecisionPlaces = Map<string, number[]>;

const pageDecisions = 100;
/**
 * Plays every decision again from its events and holds the result against its row and its votes: every tally is computed anew.
 * Returns the first thing that is wrong, or null.
 */
export async function verifyDecisions(
  deps: CompanyDeps,
  { places, newest }: { places: DecisionPlaces; newest: bigint },
): Promise<string | null> {
  const gone = new Set(places.keys());
  let after: string | null = null;
  for (;;) {
    const page: { ids: string[]; problem: string | null } = await deps.db.transaction(
      { companyId: deps.companyId },
      async (tx) => {
        const ids = await decisionIdsAfter(tx, after, pageDecisions);
        const rows = await holdTallies(tx, ids);
        const seqs = ids.flatMap((id) => places.get(id) ?? []).map(BigInt);
        const bodies = await decisionBodies(tx, { seqs, newest, types: [...stepTypes], decisions: ids });
        const steps = Map.groupBy(bodies.map(parseStep), (each) => each.decision);
        const votes = Map.groupBy(await votesOf(tx, ids), (vote) => vote.decision_id);
        const problems = rows.map((row) => checkDecision(row, steps.get(row.id) ?? [], votes.get(row.id) ?? []));
        return { ids, problem: problems.find((problem) => problem !== null) ?? null };
      },
    );
    if (page.problem) return page.problem;
    for (const id of page.ids) gone.delete(id);
    if (page.ids.length < pageDecisions) break;
    after = page.ids.at(-1)!;
  }
  const [lost] = gone;
  return lost === undefined ? null : `decision ${lost} has events, but its row is gone`;
}
