import { type CompanyDeps, transact } from "../company.ts";
import { insertUsage, type NewUsage } from "./queries.ts";

/** One row for each model call, whatever its outcome. */
export async function recordUsage(deps: CompanyDeps, usage: NewUsage): Promise<void> {
  await transact(deps, (unit) => insertUsage(unit, unit.newId(), usage));
}
