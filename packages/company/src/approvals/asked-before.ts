import { AitoError } from "@aito/base";
import { type ApprovalView, Id } from "@aito/protocol";
import { type AgentSession, fence } from "../agents/session.ts";
import { type CompanyDeps, transact } from "../company.ts";
import { toApprovalView } from "./approval-view.ts";
import { approvalDigest, type Call } from "./canonical-call.ts";
import { receiptOfCall, selectApproval } from "./queries.ts";
import { approvalUnknown } from "./request-approval.ts";

/**
 * What became of an approval that an agent names with a call. It answers only the agent that asked (its later incarnations wait for the
 * same one), for exactly the call that it asked for, while the approval lasts, and runs nothing. Errors: AITO_APPROVAL_UNKNOWN (404), AITO_APPROVAL_MISMATCH (403),
 * AITO_APPROVAL_EXPIRED (410).
 */
export async function askedBefore(deps: CompanyDeps, session: AgentSession, id: string, call: Call): Promise<ApprovalView> {
  if (!Id.safeParse(id).success) throw approvalUnknown(id);
  return await transact(deps, async (unit) => {
    await fence(unit, session);
    const row = await selectApproval(unit, id);
    // A foreign one does not exist for who asks.
    if (!row || row.agent_id !== session.agentId) throw approvalUnknown(id);
    const digest = approvalDigest(call, { agent: session.agent, epoch: row.epoch, expiresAt: row.expires_at });
    if (digest !== row.digest) {
      throw new AitoError("AITO_APPROVAL_MISMATCH", `approval ${id} is of another call than this one`, {
        hint: "call the tool without approval_id to ask for this call",
        status: 403,
      });
    }
    if (row.status === "expired" || ((row.status === "waiting" || row.status === "approved") && row.expires_at <= unit.now)) {
      const what =
        row.answered_by === null
          ? "was not given in time, which is a denial"
          : "was given, but its call could not begin in time and did not run";
      const receipt = receiptOfCall(row);
      const left = receipt === null ? "" : `; receipt ${receipt}`;
      throw new AitoError("AITO_APPROVAL_EXPIRED", `approval ${id} ${what}${left}`, { status: 410 });
    }
    return toApprovalView(row, null);
  });
}
