import { type CompanyDeps, transact } from "../company.ts";
import { advance } from "./advance.ts";
import { openRound } from "./machine.ts";
import { lockDecision, selectDue } from "./queries.ts";
import { isExpired, isOpen } from "./rules.ts";

/** How many a single tick handles; the next tick goes on. */
const dueMax = 200;

/**
 * The tick: closes rounds whose deadline has passed and proposals that lapsed, each in its own transaction. Returns how many.
 * One that fails does not keep the others from closing; the first failure is thrown at the end.
 */
export async function closeDueRounds(deps: CompanyDeps): Promise<number> {
  const due = await transact(deps, (unit) => selectDue(unit, dueMax));
  const failures: unknown[] = [];
  let closed = 0;
  for (const id of due) {
    try {
      if (await closeDue(deps, id)) closed += 1;
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return closed;
}

async function closeDue(deps: CompanyDeps, id: string): Promise<boolean> {
  return await transact(deps, async (unit) => {
    const row = await lockDecision(unit, id);
    // A ballot or another ticker may have been faster: what is due is judged again under the lock.
    if (!row || !isOpen(row.machine)) return false;
    if (isExpired(row.machine, unit.now)) {
      await advance(unit, row, { kind: "expired" }, { name: "system" });
      return true;
    }
    const round = openRound(row.machine);
    if (!round || unit.now.getTime() < Date.parse(round.deadline)) return false;
    await advance(unit, row, { kind: "deadline" }, { name: "system" });
    return true;
  });
}
