import type { Tx } from "@aito/db";
import { usdToMicro } from "@aito/protocol";
import { currentFleet } from "../fleet/current-fleet.ts";
import { sumApproved } from "./queries.ts";

/** The fleet's budget of the running month (UTC), and what approved decisions leave of it; never below zero. */
export async function budgetLeft(tx: Tx): Promise<{ totalMicroUsd: bigint; leftMicroUsd: bigint }> {
  const { file } = await currentFleet(tx);
  const month = new Date(Date.UTC(tx.now.getUTCFullYear(), tx.now.getUTCMonth(), 1));
  const totalMicroUsd = usdToMicro(file.budget.usd);
  const left = totalMicroUsd - (await sumApproved(tx, month));
  return { totalMicroUsd, leftMicroUsd: left > 0n ? left : 0n };
}
