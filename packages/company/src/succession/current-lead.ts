import type { Tx } from "@aito/db";
import { currentFleet } from "../fleet/current-fleet.ts";
import { openTerm } from "./queries.ts";

/**
 * Who leads, for a transaction that acts as the lead or in its name: the term is shared until the transaction ends, so that the
 * lead cannot pass to another in between. Before the first term it is the fleet file's lead, term 0.
 */
export async function currentLead(tx: Tx): Promise<{ name: string; acting: boolean; term: bigint }> {
  const term = await openTerm(tx, "share");
  if (term) return { name: term.lead, acting: term.acting, term: term.term };
  const { file } = await currentFleet(tx);
  return { name: file.lead, acting: false, term: 0n };
}

/** Who acts for `name`: the acting lead while `name` is the fleet file's lead and another one acts, else null. */
export async function actingFor(tx: Tx, name: string): Promise<string | null> {
  const term = await openTerm(tx);
  if (!term?.acting || term.lead === name) return null;
  const { file } = await currentFleet(tx);
  return file.lead === name ? term.lead : null;
}
