import type { CompanyDeps } from "@aito/company";
import type { Records } from "./records.ts";

/** The console's records over a real company. */
export function companyRecords(_deps: CompanyDeps, _options: { linkKey: string; publicUrl: () => string }): Records {
  throw new Error("waits for the company package");
}
