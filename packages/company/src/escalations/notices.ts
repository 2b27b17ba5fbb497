import type { DecisionView, EscalationView } from "@aito/protocol";
import { type CompanyDeps, transact } from "../company.ts";
import { toDecisionView } from "../decisions/decision-view.ts";
import { selectDecision } from "../decisions/queries.ts";
import { type LinkMaker, linkedView } from "./list-escalations.ts";
import { markNoticeFailed, markNoticeSent, selectUnnotified } from "./queries.ts";

/** A human is told this often before the notice is given up; the console shows the escalation in any case. */
export const noticeAttemptsMax = 10;
const noticesMax = 50;

export interface Notice {
  escalation: EscalationView;
  decision: DecisionView;
  /** How often it was tried before; the sender backs off by it. */
  attempts: number;
}

/** Escalations of which no outside channel has been told yet, each with a working link. */
export async function pendingNotices(deps: CompanyDeps, links: LinkMaker): Promise<Notice[]> {
  return await transact(deps, async (unit) => {
    const notices: Notice[] = [];
    for (const row of await selectUnnotified(unit, { attemptsMax: noticeAttemptsMax, limit: noticesMax })) {
      const decision = (await selectDecision(unit, row.decision_id))!;
      notices.push({
        escalation: await linkedView(unit, links, row),
        decision: toDecisionView(decision),
        attempts: row.notice_attempts,
      });
    }
    return notices;
  });
}

/** False when it was recorded as sent before. */
export async function noticeSent(deps: CompanyDeps, input: { escalationId: string; channel: string }): Promise<boolean> {
  return await transact(deps, async (unit) => {
    if (!(await markNoticeSent(unit, input.escalationId))) return false;
    await unit.event({
      type: "escalation.notice_sent",
      source: "system",
      target: "human",
      payload: { escalation: input.escalationId, channel: input.channel },
    });
    return true;
  });
}

/** Records a failed attempt; `error` must hold no secret. */
export async function noticeFailed(
  deps: CompanyDeps,
  input: { escalationId: string; channel: string; error: string },
): Promise<void> {
  await transact(deps, async (unit) => {
    const error = input.error.slice(0, 500);
    const attempts = await markNoticeFailed(unit, input.escalationId, error);
    if (attempts === null) return;
    await unit.event({
      type: "escalation.notice_failed",
      source: "system",
      target: "human",
      payload: { escalation: input.escalationId, channel: input.channel, attempt: attempts, error },
    });
  });
}
