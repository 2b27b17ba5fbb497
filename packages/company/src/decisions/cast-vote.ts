import { wellFormed } from "@aito/base";
import type { DecisionView, Vote } from "@aito/protocol";
import { type AgentSession, fence } from "../agents/session.ts";
import { type CompanyDeps, transact } from "../company.ts";
import { advance, lockedDecision } from "./advance.ts";
import { toDecisionView } from "./decision-view.ts";

export const reasonCharsMax = 4_000;

/**
 * An agent's ballot in the open round, or in the round that it names: who got no answer asks again with the same number, and is
 * not counted in the round that its ballot opened. The first one is final; an identical repeat is answered with the view and changes
 * nothing. The view is the decision as the ballot leaves it, without its cost. Errors: AITO_VOTE_CAST, AITO_VOTE_LATE (409), AITO_VOTE_NOT_YOURS (403), AITO_DECISION_CLOSED,
 * AITO_DECISION_WITH_HUMAN, AITO_DECISION_EXPIRED, AITO_DECISION_UNKNOWN, AITO_AGENT_STALE.
 */
export async function castVote(
  deps: CompanyDeps,
  session: AgentSession,
  ballot: { decisionId: string; vote: Vote; reason: string; round?: number | undefined },
): Promise<DecisionView> {
  return await transact(deps, async (unit) => {
    await fence(unit, session);
    const row = await lockedDecision(unit, ballot.decisionId);
    const reason = wellFormed(ballot.reason).slice(0, reasonCharsMax);
    const round = ballot.round === undefined ? {} : { round: ballot.round };
    const event = { kind: "ballot", voter: session.agent, vote: ballot.vote, reason, ...round } as const;
    return toDecisionView(
      await advance(unit, row, event, { name: session.agent, epoch: session.epoch, agentId: session.agentId }),
    );
  });
}
