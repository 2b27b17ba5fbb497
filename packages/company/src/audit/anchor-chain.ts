import { AitoError } from "@aito/base";
import type { CompanyDeps } from "../company.ts";
import type { AnchorStore } from "./anchors.ts";
import { chainSummary, sealAt } from "./queries.ts";

/**
 * Writes down, outside the database, how long the chain is and what its head is. Called by the leader only, every minute;
 * nothing is added while nothing was sealed. Returns whether an anchor was added. Throws AITO_AUDIT_CHAIN (fate human) when the
 * last anchor does not hold any more; no anchor is added then.
 */
export async function anchorChain(deps: CompanyDeps, store: AnchorStore): Promise<boolean> {
  const last = await store.last(deps.companyId);
  const { summary, kept, at } = await deps.db.transaction({ companyId: deps.companyId }, async (tx) => ({
    summary: await chainSummary(tx),
    kept: last ? await sealAt(tx, BigInt(last.count)) : null,
    at: tx.now.toISOString(),
  }));
  if (last && kept !== last.head) {
    throw new AitoError("AITO_AUDIT_CHAIN", `the history is not what it was at ${last.at}, when it had ${last.count} events`, {
      hint: "see what is wrong with: aito events verify",
      fate: "human",
      status: 500,
    });
  }
  const { newest, head } = summary;
  if (head === null || newest.toString() === last?.count) return false;
  await store.add({ v: 1, company: deps.companyId, at, count: newest.toString(), head });
  return true;
}
