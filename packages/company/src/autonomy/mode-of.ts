import type { AutonomyMode, FleetFile } from "@aito/protocol";

export interface Autonomy {
  mode: AutonomyMode;
  /** The dangerous tools that the operator lists: an approved decision may release these and no others. */
  releases: readonly string[];
}

/** Pure: what the fleet file says for a role; a role's own words stand before the fleet's. Supervised where nothing is said. */
export function autonomyOf(file: FleetFile, role: string): Autonomy {
  const own = file.roles[role];
  return {
    mode: own?.autonomy ?? file.autonomy ?? "supervised",
    releases: own?.releases ?? file.releases ?? [],
  };
}
