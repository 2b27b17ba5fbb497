import type { Fleet, OrgSeat } from "@aito/protocol";
import { type CompanyDeps, transact } from "../company.ts";
import { currentFleet } from "./current-fleet.ts";

/** Pure: the role that a profile's "Reports To" means: by its name, or by the short name in its title, `Chief Executive Officer (CEO)`. */
export function superiorOf({ profiles, file }: Fleet, role: string): string | null {
  const said = profiles[role]?.profile.reportsTo.toLowerCase() ?? "";
  const words = said.match(/[a-z][a-z0-9-]*/g) ?? [];
  const named = words.find((word) => word !== role && word in file.roles);
  if (named) return named;
  const titled = Object.keys(file.roles).find(
    (other) => other !== role && said !== "" && profiles[other]?.profile.name.toLowerCase() === said,
  );
  return titled ?? null;
}

/** Pure: every role under the one that it reports to; what would be a circle stands at the top. */
export function seatsOf(fleet: Fleet): OrgSeat[] {
  const { file, profiles } = fleet;
  const above = new Map(Object.keys(file.roles).map((role) => [role, superiorOf(fleet, role)]));
  for (const role of above.keys()) {
    const seen = new Set<string>([role]);
    for (let up = above.get(role) ?? null; up !== null; up = above.get(up) ?? null) {
      if (seen.has(up)) above.set(role, null);
      if (seen.has(up)) break;
      seen.add(up);
    }
  }
  return [...above].map(([role, reportsTo]) => ({
    role,
    title: profiles[role]!.profile.name,
    department: profiles[role]!.profile.department,
    reportsTo,
    head: file.heads.includes(role),
    council: file.council.includes(role),
  }));
}

/** The company's roles, and who reports to whom. */
export async function orgChart(deps: CompanyDeps): Promise<OrgSeat[]> {
  return await transact(deps, async (unit) => seatsOf(await currentFleet(unit)));
}
