import { openWork } from "@aito/company";
import type { World } from "../apply/world.ts";

/**
 * Queue hints are a copy of the table `work`. After a restart of Redis (its run id changed), or of this program, they are put
 * back; adding one that is there changes nothing.
 */
export function makeHintKeeper(world: World): () => Promise<void> {
  let builtFor: string | null = null;
  return async () => {
    const runId = await world.bus.serverRunId();
    if (runId === builtFor) return;
    const items = await openWork(world.deps);
    for (const item of items) await world.bus.addHint(item.urgent ? null : item.agent, item.id, item.priority);
    if (builtFor !== null || items.length > 0) world.log.info({ hints: items.length }, "queue hints rebuilt");
    builtFor = runId;
  };
}
