import type { CompanyDeps } from "../company.ts";
import { companyStop, refuseStopped } from "./find-stop.ts";

/** For callers that are no agent. Error: AITO_STOPPED while the whole company is stopped. */
export async function requireCompanyRuns(deps: CompanyDeps): Promise<void> {
  refuseStopped(await deps.db.transaction({ companyId: deps.companyId }, (tx) => companyStop(tx)));
}
