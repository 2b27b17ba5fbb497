import type { DecisionView } from "@aito/protocol";
import { type AgentSession, fence } from "../agents/session.ts";
import { type CompanyDeps, transact } from "../company.ts";
import { advance, lockedDecision } from "./advance.ts";
import { toDecisionView } from "./decision-view.ts";
import { selectDecision } from "./queries.ts";

/**
 * The proposer takes an open decision back (its session, or its name when the operator does it for it); attached work is
 * cancelled and an escalation closed. Errors: AITO_DECISION_NOT_YOURS (403), AITO_DECISION_CLOSED, AITO_DECISION_UNKNOWN.
 */
export async function withdraw(deps: CompanyDeps, by: AgentSession | string, id: string): Promise<DecisionView> {
  return await transact(deps, async (unit) => {
    const name = typeof by === "string" ? by : (await fence(unit, by)).name;
    const row = await lockedDecision(unit, id);
    await advance(unit, row, { kind: "withdrawn", by: name }, { name });
    return toDecisionView((await selectDecision(unit, row.id))!);
  });
}
