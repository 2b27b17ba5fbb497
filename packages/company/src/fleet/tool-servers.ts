import type { ToolServers } from "@aito/protocol";
import type { CompanyDeps } from "../company.ts";
import { currentFleet } from "./current-fleet.ts";

/** The outside servers of the newest revision of the fleet. Error: AITO_FLEET_NONE. */
export async function toolServers(deps: CompanyDeps): Promise<ToolServers> {
  const fleet = await deps.db.transaction({ companyId: deps.companyId }, (tx) => currentFleet(tx));
  return fleet.file.toolServers ?? {};
}
