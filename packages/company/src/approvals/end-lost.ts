import { selectReceiptOf } from "../autonomy/queries.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { type LookFor, lookLeaseMs, lookMsMax, type Seen } from "../evidence/begun-calls.ts";
import { endUnheard } from "./end-overdue.ts";
import { selectApproval, takeLost } from "./queries.ts";
import { recordDone, type Tools } from "./run-approved.ts";

const lostMax = 20;
const stands =
  "it stands there, but may not be written down here: call it again with the same arguments, which does nothing twice";

/**
 * Approved calls that began, left a trace of what to look for and were never heard of again: asks the other system what became of each.
 * One that is whole there is `done`, else it is `unknown`, which its receipt says too. One that cannot be asked about now is left for
 * later, at last for `endOverdue`. Returns how many ended; of any number of gateways at once one asks.
 */
export async function endLostApprovals(deps: CompanyDeps, tools: Pick<Tools, "receipt">, lookFor: LookFor): Promise<number> {
  const lost = await deps.db.transaction({ companyId: deps.companyId }, (tx) => {
    const now = tx.now.getTime();
    return takeLost(tx, { begunSince: new Date(now - lookMsMax), leaseUntil: new Date(now + lookLeaseMs), limit: lostMax });
  });
  let ended = 0;
  for (const { id, tool, trace } of lost) {
    const seen = await lookFor({ tool, trace }).catch(() => undefined);
    if (seen === undefined) continue;
    if (await transact(deps, (unit) => endSeen(unit, { id, seen, tools }))) ended += 1;
  }
  return ended;
}

async function endSeen(
  unit: Unit,
  { id, seen, tools }: { id: string; seen: Seen | null; tools: Pick<Tools, "receipt"> },
): Promise<boolean> {
  const row = await selectApproval(unit, id, true);
  if (row?.status !== "executing") return false;
  const receiptId = await selectReceiptOf(unit, id);
  if (!seen?.done || receiptId === null) return await endUnheard(unit, row, { tools, seen: seen?.result ?? {} });
  // What the other system has may be missing in our own records: the same call again completes them, and does nothing twice.
  const result = { ...seen.result, message: `the gateway ended while it was under way; ${stands}` };
  await recordDone(unit, row, { from: "executing", receiptId, result, taint: null, tools });
  return true;
}
