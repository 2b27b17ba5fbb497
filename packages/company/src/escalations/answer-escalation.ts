import { AitoError, wellFormed } from "@aito/base";
import type { DecisionView, EscalationView, HumanAnswer } from "@aito/protocol";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { advance, lockedDecision } from "../decisions/advance.ts";
import { toDecisionView } from "../decisions/decision-view.ts";
import { selectDecision, updateHumanAnswer } from "../decisions/queries.ts";
import { linkByToken, stateOf } from "./escalation-by-token.ts";
import { checkEscalationId, escalationUnknown, toEscalationView } from "./list-escalations.ts";
import { type EscalationRow, markAnswered, markLinkUsed, selectEscalation } from "./queries.ts";

export type AnswerInput = { answer: HumanAnswer } & ({ token: string } | { escalationId: string; operator: string });

export interface Answered {
  /** False: it was answered or closed before; the rest tells what was decided, and nothing has changed. */
  first: boolean;
  escalation: EscalationView;
  decision: DecisionView;
}

/**
 * The human's answer, by link or by an operator. Single use: of any number of answers at once, one has an effect. Errors:
 * AITO_LINK_UNKNOWN (404), AITO_LINK_EXPIRED (410), AITO_ESCALATION_UNKNOWN (404), AITO_ESCALATION_SENT_BACK (409) when it is
 * sent back once too often, AITO_DECISION_EXPIRED (409).
 */
export async function answerEscalation(deps: CompanyDeps, input: AnswerInput): Promise<Answered> {
  return await transact(deps, async (unit) => {
    const { escalation: seen, linkId, by } = await find(unit, input);
    // Decision before escalation, the order in which a ballot that deadlocks takes them.
    const row = await lockedDecision(unit, seen.decision_id);
    const escalation = (await selectEscalation(unit, seen.id, true))!;
    if (escalation.status !== "waiting") return await result(unit, escalation, false);
    const { decision: answer } = input.answer;
    const comment = wellFormed(input.answer.comment);
    await updateHumanAnswer(unit, row.id, { decision: answer, comment });
    await markAnswered(unit, escalation.id, { answer, comment, by });
    if (linkId) await markLinkUsed(unit, linkId);
    await unit.event({
      type: "escalation.answered",
      source: by,
      target: row.proposer,
      payload: { escalation: escalation.id, decision: row.id, title: row.title, answer, comment },
    });
    await advance(unit, row, { kind: "human", answer, comment }, { name: by });
    return await result(unit, (await selectEscalation(unit, escalation.id))!, true);
  });
}

async function find(unit: Unit, input: AnswerInput): Promise<{ escalation: EscalationRow; linkId: string | null; by: string }> {
  if (!("token" in input)) {
    checkEscalationId(input.escalationId);
    const escalation = await selectEscalation(unit, input.escalationId);
    if (!escalation) throw escalationUnknown(input.escalationId);
    return { escalation, linkId: null, by: input.operator };
  }
  const { link, escalation } = await linkByToken(unit, input.token);
  if (stateOf(link, escalation, unit.now) === "expired") {
    throw new AitoError("AITO_LINK_EXPIRED", `this link expired at ${link.expires_at.toISOString()}; the decision still waits`, {
      hint: "get a new link with: aito escalations",
      status: 410,
    });
  }
  return { escalation, linkId: link.id, by: "human" };
}

async function result(unit: Unit, escalation: EscalationRow, first: boolean): Promise<Answered> {
  const decision = (await selectDecision(unit, escalation.decision_id))!;
  return { first, escalation: toEscalationView(escalation, null), decision: toDecisionView(decision) };
}
