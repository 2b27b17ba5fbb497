import type { FleetFile } from "@aito/protocol";
import type { CompanyDeps } from "../company.ts";
import { currentFleet } from "./current-fleet.ts";

/** What the newest revision of the fleet says about models. Error: AITO_FLEET_NONE. */
export async function modelPolicy(deps: CompanyDeps): Promise<FleetFile["models"]> {
  const fleet = await deps.db.transaction({ companyId: deps.companyId }, (tx) => currentFleet(tx));
  return fleet.file.models;
}
