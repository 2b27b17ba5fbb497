import type { DecisionView, EscalationView } from "@aito/protocol";
import { writeChannelState } from "../channels/queries.ts";
import { type CompanyDeps, transact } from "../company.ts";
import { toDecisionView } from "../decisions/decision-view.ts";
import { selectDecision } from "../decisions/queries.ts";
import { type LinkMaker, linkedView } from "../escalations/list-escalations.ts";
import { selectEscalation } from "../escalations/queries.ts";
import { tell } from "./plan-notices.ts";
import { endAttempt, markClaimed, selectNotice } from "./queries.ts";

/** A channel is tried this often for one notice; the next reminder tries again. */
export const noticeAttemptsMax = 10;
const errorCharactersMax = 500;

export interface ClaimedNotice {
  /** The same at every attempt: by it a receiver can drop a repeat. */
  id: string;
  channel: string;
  /** 1 is the first notice, 2 the first reminder. */
  number: number;
  attempt: number;
  escalation: EscalationView;
  decision: DecisionView;
}

/**
 * Claims a notice for one attempt at sending it, before anything is sent: of any number of callers at once, one gets it. Null when
 * it is not due, claimed, ended, or no longer needed.
 */
export async function claimNotice(deps: CompanyDeps, links: LinkMaker, id: string): Promise<ClaimedNotice | null> {
  return await transact(deps, async (unit) => {
    const notice = await selectNotice(unit, id, true);
    if (notice?.status !== "waiting" || notice.due_at.getTime() > unit.now.getTime()) return null;
    const row = await selectEscalation(unit, notice.escalation_id);
    if (row?.status !== "waiting") return null;
    const escalation = await linkedView(unit, links, row);
    if (escalation.url === null) return null;
    await markClaimed(unit, id);
    const decision = toDecisionView((await selectDecision(unit, row.decision_id))!);
    return { id, channel: notice.channel, number: notice.number, attempt: notice.attempts + 1, escalation, decision };
  });
}

export type AttemptOutcome =
  | { status: "sent" }
  /** It did not arrive; tried again while attempts are left and `final` is not set. */
  | { status: "failed"; error: string; final?: boolean }
  /** Nobody can know whether it arrived: not tried again. */
  | { status: "unknown"; error: string };

/** Records how an attempt ended. `retry`: it may be tried again. `error` must hold no secret. */
export async function endNoticeAttempt(
  deps: CompanyDeps,
  claim: Pick<ClaimedNotice, "id" | "attempt">,
  outcome: AttemptOutcome,
): Promise<{ retry: boolean }> {
  return await transact(deps, async (unit) => {
    const error = outcome.status === "sent" ? null : outcome.error.slice(0, errorCharactersMax);
    const retry = outcome.status === "failed" && !outcome.final && claim.attempt < noticeAttemptsMax;
    const row = await endAttempt(unit, { ...claim, status: retry ? "waiting" : outcome.status, error });
    if (!row) return { retry: false };
    await writeChannelState(unit, { channel: row.channel, error });
    await tell(unit, row, outcome.status);
    return { retry };
  });
}
