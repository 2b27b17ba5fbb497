import { wellFormed } from "@aito/base";
import type { DecisionView } from "@aito/protocol";
import { type CompanyDeps, transact } from "../company.ts";
import { advance, lockedDecision } from "./advance.ts";
import { toDecisionView } from "./decision-view.ts";

/** A human sets any open or decided decision aside, with a reason; attached work that has not ended is stopped. Error: AITO_DECISION_CLOSED. */
export async function overrideDecision(
  deps: CompanyDeps,
  input: { id: string; operator: string; reason: string },
): Promise<DecisionView> {
  return await transact(deps, async (unit) => {
    const row = await lockedDecision(unit, input.id);
    const event = { kind: "overridden", by: input.operator, reason: wellFormed(input.reason).slice(0, 4_000) } as const;
    return toDecisionView(await advance(unit, row, event, { name: input.operator }));
  });
}
