import { assignUrgent, unassignedWork } from "@aito/company";
import type { World } from "../apply/world.ts";

/** A bell from `queue:urgent`: gives the item to a named agent. An item that is gone or given away is no trouble. */
export const dispatchUrgent = async (world: World, workId: string): Promise<void> => {
  await assignUrgent(world.deps, workId);
};

/** The net under the bells: urgent items that still have no agent (a lost hint, or nobody was active) are tried again. */
export async function sweepUrgent(world: World): Promise<void> {
  for (const id of await unassignedWork(world.deps)) await assignUrgent(world.deps, id);
}
