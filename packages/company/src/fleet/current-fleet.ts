import { AitoError, frozen } from "@aito/base";
import type { Tx } from "@aito/db";
import type { Fleet, FleetFile } from "@aito/protocol";
import { latestFleetUnless } from "./queries.ts";

const keptAs = "fleet";

interface Kept {
  id: string;
  fleet: Fleet;
}

/**
 * The newest revision that was registered, frozen. Which one that is, is asked each time; its document, which is never changed and long, is
 * read once. Throws AITO_FLEET_NONE before the first.
 */
export async function currentFleet(tx: Tx): Promise<Fleet> {
  const fleet = await newestFleet(tx);
  if (fleet) return fleet;
  throw new AitoError("AITO_FLEET_NONE", "no fleet is registered for this company yet", {
    hint: "start it with: aito up",
    fate: "retry",
    status: 503,
  });
}

async function newestFleet(tx: Tx): Promise<Fleet | null> {
  const known = tx.kept.get(keptAs) as Kept | undefined;
  const row = await latestFleetUnless(tx, known?.id ?? null);
  if (!row) return null;
  if (row.id === known?.id) return known.fleet;
  const { fleet } = row.document as { fleet: Fleet };
  tx.kept.set(keptAs, { id: row.id, fleet: frozen(fleet) } satisfies Kept);
  return fleet;
}

/** The newest revision's file, likewise frozen; undefined before the first. */
export const latestFile = async (tx: Tx): Promise<FleetFile | undefined> => (await newestFleet(tx))?.file;
