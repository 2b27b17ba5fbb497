import type { FleetFile } from "@aito/protocol";
import type { AgentSession } from "../agents/session.ts";
import type { CompanyDeps } from "../company.ts";
import { currentFleet } from "./current-fleet.ts";
import { modelsOf } from "./model-for.ts";

/** What the newest revision of the fleet says about models. Error: AITO_FLEET_NONE. */
export async function modelPolicy(deps: CompanyDeps): Promise<FleetFile["models"] & { records: boolean }> {
  const fleet = await deps.db.transaction({ companyId: deps.companyId }, (tx) => currentFleet(tx));
  return { ...fleet.file.models, records: fleet.file.recording !== undefined };
}

/** The models that an agent may ask for, by the newest revision of the fleet. */
export async function agentModels(deps: CompanyDeps, session: AgentSession): Promise<string[]> {
  const { file } = await deps.db.transaction({ companyId: deps.companyId }, (tx) => currentFleet(tx));
  return modelsOf(file, session);
}
