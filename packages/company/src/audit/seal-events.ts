import type { CompanyDeps } from "../company.ts";
import { sealBatch } from "./chain.ts";
import { lockChain, unsealedEvents, writeSeals } from "./queries.ts";

const sealRowsMax = 1_000;
/**
 * An event is left unsealed this long, so that a transaction that started earlier and commits later still takes its place by time.
 */
const settleMs = 50;

/** Chains committed events. Called by the leader only, every 200 ms. Returns how many were sealed. */
export async function sealEvents(deps: CompanyDeps): Promise<number> {
  return await deps.db.transaction({ companyId: deps.companyId, role: "aito_sealer" }, async (tx) => {
    const before = tx.now.getTime() - settleMs;
    const events = (await unsealedEvents(tx, sealRowsMax)).filter((event) => event.created_at.getTime() <= before);
    if (events.length === 0) return 0;
    await writeSeals(tx, sealBatch(await lockChain(tx), events));
    return events.length;
  });
}
