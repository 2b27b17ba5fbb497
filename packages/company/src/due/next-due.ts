import type { CompanyDeps } from "../company.ts";
import { ringAgain } from "../messages/deliveries.ts";
import { selectNextDue } from "./queries.ts";

/**
 * Until when nothing falls due by itself; null when something is under way, and nobody may rest. `longest` if nothing is due. A head
 * that is not heard within `headHeardWithinMs` is due, too.
 */
export async function nextDue(deps: CompanyDeps, longest: Date, headHeardWithinMs: number): Promise<Date | null> {
  const { at, busy } = await deps.db.transaction({ companyId: deps.companyId }, (tx) =>
    selectNextDue(tx, { headHeardWithinMs, ring: ringAgain }),
  );
  if (busy) return null;
  return at === null || at > longest ? longest : at;
}
