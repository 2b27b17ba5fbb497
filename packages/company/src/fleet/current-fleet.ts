import { AitoError } from "@aito/base";
import type { Tx } from "@aito/db";
import type { Fleet } from "@aito/protocol";
import { latestFleet } from "./queries.ts";

/** The newest revision that was registered. Throws AITO_FLEET_NONE before the first. */
export async function currentFleet(tx: Tx): Promise<Fleet> {
  const row = await latestFleet(tx);
  if (row) return row.document.fleet as Fleet;
  throw new AitoError("AITO_FLEET_NONE", "no fleet is registered for this company yet", {
    hint: "start it with: aito up",
    fate: "retry",
    status: 503,
  });
}
