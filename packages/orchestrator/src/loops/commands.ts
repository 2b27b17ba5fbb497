import { agentsToRun, takeCommands } from "@aito/company";
import type { World } from "../apply/world.ts";

/** Carries out operators' orders. A restart ends the container; the reconciler then sees it gone and starts the next epoch. */
export async function takeOrders(world: World): Promise<void> {
  const { restart } = await takeCommands(world.deps);
  if (restart.length === 0) return;
  for (const agent of await agentsToRun(world.deps)) {
    if (restart.includes(agent.name) && agent.containerId !== null) await world.engine.kill(agent.containerId);
  }
}
