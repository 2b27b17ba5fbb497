import { agentRowById } from "../agents/agent-row.ts";
import { selectReceiptOf } from "../autonomy/queries.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { endSeen, type LookFor, lookLeaseMs, lookMsMax, type Seen } from "../evidence/begun-calls.ts";
import { endUnheard } from "./end-overdue.ts";
import { selectApproval, takeLost } from "./queries.ts";
import { recordDone, type Tools } from "./run-approved.ts";

const lostMax = 20;

/**
 * Approved calls that began, left a trace of what to look for and were never heard of again: asks the other system what became of each.
 * One that is whole there is `done`, and our own records say so with it, else it is `unknown`, which its receipt says too. One that cannot be asked about now is left for
 * later, at last for `endOverdue`. Returns how many ended; of any number of gateways at once one asks.
 */
export async function endLostApprovals(deps: CompanyDeps, tools: Pick<Tools, "receipt">, lookFor: LookFor): Promise<number> {
  const lost = await deps.db.transaction({ companyId: deps.companyId }, (tx) => {
    const now = tx.now.getTime();
    return takeLost(tx, { begunSince: new Date(now - lookMsMax), leaseUntil: new Date(now + lookLeaseMs), limit: lostMax });
  });
  return await endSeen(deps, lost, {
    lookFor,
    end: ({ id, agentId }, seen) => transact(deps, (unit) => endOne(unit, { id, agentId, seen, tools })),
  });
}

async function endOne(
  unit: Unit,
  { id, agentId, seen, tools }: { id: string; agentId: string; seen: Seen | null; tools: Pick<Tools, "receipt"> },
): Promise<boolean> {
  // The agent first, as in every transaction that writes for one.
  const caller = await agentRowById(unit, agentId, { lock: true });
  const row = await selectApproval(unit, id, true);
  if (row?.status !== "executing") return false;
  const receiptId = await selectReceiptOf(unit, id);
  if (!seen?.done || receiptId === null) return await endUnheard(unit, row, { tools, seen: seen?.result ?? {} });
  await seen.record(unit, caller);
  const result = { ...seen.result, message: "the gateway ended while it was under way; who had it to do was asked, and has it" };
  await recordDone(unit, row, { from: "executing", receiptId, result, taint: null, tools });
  return true;
}
