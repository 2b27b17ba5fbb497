import type { ClaimedNotice } from "@aito/company";
import type { NoticeMessage } from "@aito/connectors";
import { microToUsd } from "@aito/protocol";

/** What a human is told of a waiting escalation: what is asked, by whom, how it was voted on, and the link. */
export function noticeMessage(notice: ClaimedNotice, rehearsal: boolean): NoticeMessage {
  const { decision, escalation } = notice;
  const { id, title, description, type, typeReason, proposedBy, rounds } = decision;
  const usd = microToUsd(decision.amountMicroUsd);
  const url = escalation.url!;
  const expiresAt = escalation.expiresAt!;
  return {
    id: notice.id,
    number: notice.number,
    title,
    facts: `$${usd.replace(/\B(?=(\d{3})+(?=\.))/g, ",")} · ${type} · proposed by ${proposedBy}`,
    reason: escalation.reason,
    ballots: (rounds.at(-1)?.votes ?? []).map(({ voter, vote, reason }) => ({ voter, vote: vote.replace("_", " "), reason })),
    url,
    expiresAt,
    rehearsal,
    payload: {
      type: "escalation.waiting",
      rehearsal,
      escalation: escalation.id,
      number: notice.number,
      decision: { id, title, description, type, typeReason, proposedBy, usd, rounds },
      reason: escalation.reason,
      url,
      expiresAt,
    },
  };
}
