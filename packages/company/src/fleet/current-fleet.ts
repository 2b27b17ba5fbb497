import { AitoError } from "@aito/base";
import type { Tx } from "@aito/db";
import type { Fleet, FleetFile } from "@aito/protocol";
import { latestFleet, latestFleetFile } from "./queries.ts";

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

/** Its file without the profiles; undefined before the first. */
export const latestFile = (tx: Tx): Promise<FleetFile | undefined> => latestFleetFile(tx);
