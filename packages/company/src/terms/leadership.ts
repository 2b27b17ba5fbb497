import { type CompanyDeps, transact } from "../company.ts";
import { endTerm, takeTerm } from "./queries.ts";

/** Becomes the company's one leader; null while another one's lease runs. A row lease holds on PGlite too, where advisory locks do not. */
export async function acquireTerm(deps: CompanyDeps, holder: string, leaseMs: number): Promise<bigint | null> {
  return await transact(deps, async (unit) => {
    const term = await takeTerm(unit, holder, new Date(unit.now.getTime() + leaseMs));
    if (term !== null) await unit.event({ type: "leader.elected", source: "system", payload: { holder, term: term.toString() } });
    return term;
  });
}

/**
 * Not `held` when the term has passed to another: stop acting at once. `stirs`: something has happened in the company that is not sealed
 * yet. One statement, for it is asked all the time.
 */
export async function renewTerm(
  deps: CompanyDeps,
  holder: string,
  term: bigint,
  leaseMs: number,
): Promise<{ held: boolean; stirs: boolean }> {
  return await deps.db.call(deps.companyId, "aito_keep_term", { holder, term: term.toString(), leaseMs });
}

/** Lets the next leader start at once instead of waiting for the lease. */
export async function releaseTerm(deps: CompanyDeps, holder: string, term: bigint): Promise<void> {
  await transact(deps, (unit) => endTerm(unit, holder, term));
}
