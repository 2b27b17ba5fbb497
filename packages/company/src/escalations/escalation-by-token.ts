import { AitoError, sha256 } from "@aito/base";
import type { DecisionGrounds, DecisionView, EscalationView } from "@aito/protocol";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { toDecisionView } from "../decisions/decision-view.ts";
import { selectDecision } from "../decisions/queries.ts";
import { decisionGrounds } from "./decision-grounds.ts";
import { toEscalationView } from "./list-escalations.ts";
import { type EscalationRow, type LinkRow, selectEscalation, selectLinkByHash } from "./queries.ts";

/** What a link leads to: a question to answer (`open`), or what has become of it. */
export interface LinkedEscalation {
  state: "open" | "expired" | "answered" | "closed";
  escalation: EscalationView;
  decision: DecisionView;
  grounds: DecisionGrounds;
  rehearsal: boolean;
}

/** Reads only: looking at a link decides nothing. Throws AITO_LINK_UNKNOWN (404). */
export async function escalationByToken(deps: CompanyDeps, token: string): Promise<LinkedEscalation> {
  return await transact(deps, async (unit) => {
    const { link, escalation } = await linkByToken(unit, token);
    const decision = (await selectDecision(unit, escalation.decision_id))!;
    return {
      state: stateOf(link, escalation, unit.now),
      escalation: toEscalationView(escalation, { url: null, expiresAt: link.expires_at }),
      decision: toDecisionView(decision),
      grounds: await decisionGrounds(unit, decision),
      rehearsal: decision.rehearsal,
    };
  });
}

export async function linkByToken(unit: Unit, token: string): Promise<{ link: LinkRow; escalation: EscalationRow }> {
  const link = await selectLinkByHash(unit, sha256(token));
  const escalation = link && (await selectEscalation(unit, link.escalation_id));
  if (link && escalation) return { link, escalation };
  throw new AitoError("AITO_LINK_UNKNOWN", "no escalation has this link", {
    hint: "see the waiting ones, with their links, with: aito escalations",
    status: 404,
  });
}

export function stateOf(link: LinkRow, escalation: EscalationRow, now: Date): LinkedEscalation["state"] {
  switch (escalation.status) {
    case "waiting":
      return link.expires_at.getTime() <= now.getTime() ? "expired" : "open";
    case "answered":
    case "closed":
      return escalation.status;
    default:
      return escalation.status satisfies never;
  }
}
