import { loadPack } from "@aito/company";

export interface CheckedFleet {
  company: string;
  name: string;
  agents: number;
}

/** Reads and parses a pack as the programs will, before anything starts. Error: AITO_FLEET_INVALID with file, line, what is expected. */
export async function checkFleet(fleetPath: string): Promise<CheckedFleet> {
  const { file } = await loadPack(fleetPath);
  return { company: file.company, name: file.name, agents: Object.keys(file.roles).length };
}
