import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { lookMsMax } from "../evidence/begun-calls.ts";
import { type ApprovalRow, moveApproval, overdueIds, selectApproval } from "./queries.ts";
import { selectReceiptOf } from "../autonomy/queries.ts";
import type { Tools } from "./run-approved.ts";
import { tellOutcome } from "./tell-outcome.ts";

const endedMax = 100;

/** Silence is a denial. What was approved and did not begin in time is told as that. */
export async function expireIn(unit: Unit, row: ApprovalRow): Promise<void> {
  if (row.status !== "waiting" && row.status !== "approved") return;
  const approvedBy = row.status === "approved" ? row.answered_by : null;
  if (await moveApproval(unit, row.id, { from: row.status, to: "expired" })) {
    await tellOutcome(unit, row, { status: "expired", approvedBy });
  }
}

type Ending = Pick<Tools, "receipt">;

/**
 * Ends what nobody answered in time, what was approved and could not begin in time, and what was begun and never heard of again: that is
 * unknown, which its receipt says too, and not tried again; what left a trace is looked for first (`endLostApprovals`). Returns how many
 * ended.
 */
export async function endOverdue(deps: CompanyDeps, tools: Ending = {}): Promise<number> {
  const ids = await deps.db.transaction({ companyId: deps.companyId }, (tx) =>
    overdueIds(tx, { lookedForSince: new Date(tx.now.getTime() - lookMsMax), limit: endedMax }),
  );
  let ended = 0;
  for (const id of ids) if (await transact(deps, (unit) => endOne(unit, id, tools))) ended += 1;
  return ended;
}

async function endOne(unit: Unit, id: string, tools: Ending): Promise<boolean> {
  const row = await selectApproval(unit, id, true);
  if (!row) return false;
  if (row.status === "executing") {
    if (row.lease_until !== null && row.lease_until > unit.now) return false;
    return await endUnheard(unit, row, { tools, seen: {} });
  }
  if (row.expires_at > unit.now) return false;
  await expireIn(unit, row);
  return row.status === "waiting" || row.status === "approved";
}

/** A call that was begun and never heard of again. `seen`: what the other system shows of it. */
export async function endUnheard(
  unit: Unit,
  row: ApprovalRow,
  { tools, seen }: { tools: Ending; seen: Record<string, unknown> },
): Promise<boolean> {
  if (!(await moveApproval(unit, row.id, { from: "executing", to: "unknown" }))) return false;
  await tellOutcome(unit, row, { status: "unknown" });
  const receiptId = await selectReceiptOf(unit, row.id);
  if (receiptId === null) return true;
  const message = "it was begun, and nobody heard how it ended";
  const result = { ...seen, code: "AITO_OUTCOME_UNKNOWN", message, approval_id: row.id };
  await tools.receipt?.(unit, { approval: row, receiptId, ok: false, receipt: "unknown", result, whole: null });
  return true;
}
