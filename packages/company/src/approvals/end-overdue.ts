import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { type ApprovalRow, moveApproval, overdueIds, selectApproval } from "./queries.ts";
import { tellOutcome } from "./tell-outcome.ts";

const endedMax = 100;

/** Silence is a denial. */
export async function expireIn(unit: Unit, row: ApprovalRow): Promise<void> {
  if (row.status !== "waiting" && row.status !== "approved") return;
  if (await moveApproval(unit, row.id, { from: row.status, to: "expired" })) await tellOutcome(unit, row, { status: "expired" });
}

/**
 * Ends what nobody answered in time, what was approved and could not begin in time, and what was begun and never heard of again: that is
 * unknown, and not tried again. Returns how many ended.
 */
export async function endOverdue(deps: CompanyDeps): Promise<number> {
  const ids = await deps.db.transaction({ companyId: deps.companyId }, (tx) => overdueIds(tx, endedMax));
  let ended = 0;
  for (const id of ids) if (await transact(deps, (unit) => endOne(unit, id))) ended += 1;
  return ended;
}

async function endOne(unit: Unit, id: string): Promise<boolean> {
  const row = await selectApproval(unit, id, true);
  if (!row) return false;
  if (row.status === "executing") {
    if (row.lease_until !== null && row.lease_until > unit.now) return false;
    if (!(await moveApproval(unit, id, { from: "executing", to: "unknown" }))) return false;
    await tellOutcome(unit, row, { status: "unknown" });
    return true;
  }
  if (row.expires_at > unit.now) return false;
  await expireIn(unit, row);
  return row.status === "waiting" || row.status === "approved";
}
