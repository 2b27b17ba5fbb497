import type { EscalationDetail, NoticeView } from "@aito/protocol";
import { type CompanyDeps, transact } from "../company.ts";
import { toDecisionView } from "../decisions/decision-view.ts";
import { selectDecision } from "../decisions/queries.ts";
import { decisionGrounds } from "../escalations/decision-grounds.ts";
import { checkEscalationId, escalationUnknown, type LinkMaker, linkedView } from "../escalations/list-escalations.ts";
import { selectEscalation } from "../escalations/queries.ts";
import { type NoticeRow, noticesOf } from "./queries.ts";

/** One escalation with its decision, what that rests on, and every notice of it with its attempts. Error: AITO_ESCALATION_UNKNOWN. */
export async function escalationDetail(deps: CompanyDeps, links: LinkMaker, id: string): Promise<EscalationDetail> {
  checkEscalationId(id);
  return await transact(deps, async (unit) => {
    const row = await selectEscalation(unit, id);
    if (!row) throw escalationUnknown(id);
    const decision = (await selectDecision(unit, row.decision_id))!;
    return {
      ...(await linkedView(unit, links, row)),
      decision: toDecisionView(decision),
      grounds: await decisionGrounds(unit, decision),
      comment: row.comment,
      answeredBy: row.answered_by,
      answeredAt: row.answered_at?.toISOString() ?? null,
      notices: (await noticesOf(unit, [id])).map(toNoticeView),
    };
  });
}

const toNoticeView = (row: NoticeRow): NoticeView => ({
  id: row.id,
  channel: row.channel,
  number: row.number,
  status: row.status,
  dueAt: row.due_at.toISOString(),
  attempts: row.attempts,
  lastError: row.last_error,
  sentAt: row.sent_at?.toISOString() ?? null,
});
