import { type CompanyDeps, noticeFailed, noticeSent, pendingNotices } from "@aito/company";
import { microToUsd } from "@aito/protocol";
import type { NoticeRecords } from "./send-notices.ts";

const channel = "webhook";

/** The waiting escalations of the company, as the notice's receiver sees them: what is asked, how it was voted on, and the link. */
export function companyNotices(deps: CompanyDeps, links: { linkKey: string; publicUrl: string }): NoticeRecords {
  return {
    pending: async () =>
      (await pendingNotices(deps, links)).flatMap(({ escalation, decision, attempts }) => {
        if (escalation.url === null || escalation.expiresAt === null) return [];
        const { id, title, description, type, typeReason, proposedBy, rounds } = decision;
        const usd = microToUsd(decision.amountMicroUsd);
        return [
          {
            id: escalation.id,
            attempts,
            decision: { id, title, description, type, typeReason, proposedBy, usd, rounds },
            reason: escalation.reason,
            url: escalation.url,
            expiresAt: escalation.expiresAt,
          },
        ];
      }),
    sent: async (escalationId) => void (await noticeSent(deps, { escalationId, channel })),
    failed: (escalationId, error) => noticeFailed(deps, { escalationId, channel, error }),
  };
}
