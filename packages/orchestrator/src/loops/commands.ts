import { agentsToRun, takeCommands } from "@aito/company";
import type { World } from "../apply/world.ts";

/**
 * Carries out operators' orders. A restart ends the container; the reconciler then sees it gone and starts the next epoch. The order is
 * done with in the record before its container ends: where the engine is away then, the container is owed its end, while its epoch lasts.
 */
export function makeOrders(world: Pick<World, "deps" | "engine">): () => Promise<void> {
  const owed = new Map<string, number>();
  return async () => {
    const { restart } = await takeCommands(world.deps);
    if (restart.length + owed.size === 0) return;
    const agents = new Map((await agentsToRun(world.deps)).map((agent) => [agent.name, agent]));
    for (const name of restart) owed.set(name, agents.get(name)?.epoch ?? 0);
    const errors: unknown[] = [];
    for (const [name, epoch] of owed) {
      const agent = agents.get(name);
      try {
        if (agent?.epoch === epoch && agent.containerId !== null) await world.engine.kill(agent.containerId);
        owed.delete(name);
      } catch (error) {
        errors.push(error);
      }
    }
    if (errors.length > 0) throw errors[0];
  };
}
