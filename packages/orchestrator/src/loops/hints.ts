import { listAgents, openWork } from "@aito/company";
import type { World } from "../apply/world.ts";
import { afterAStir } from "./after-a-stir.ts";
import type { Pace } from "./pace.ts";

const sweepEveryMs = 60_000;
const sweepRestMs = 600_000;

/**
 * Queue hints are a copy of the table `work`. After a restart of Redis (its run id changed), or of this program, they are put
 * back; adding one that is there changes nothing. Now and then those whose work is done are removed: one that was said twice, or
 * whose work ended unclaimed, would stay for ever.
 */
export function makeHintKeeper(world: World): (pace: Pace) => Promise<void> {
  let builtFor: string | null = null;
  const sweeping = afterAStir({ everyMs: sweepEveryMs, restMs: sweepRestMs, doneAt: world.clock.now().getTime() });
  return async (pace) => {
    const runId = await world.bus.serverRunId();
    if (runId !== builtFor) {
      const items = await openWork(world.deps);
      for (const item of items) await world.bus.addHint(item.urgent ? null : item.agent, item.id, item.priority);
      if (builtFor !== null || items.length > 0) world.log.info({ hints: items.length }, "queue hints rebuilt");
      builtFor = runId;
    }
    const now = world.clock.now().getTime();
    if (!sweeping.isDue(now, pace)) return;
    sweeping.done(now);
    await sweepHints(world);
  };
}

/** The hints are read before the work: what is added in between is not mistaken for done. */
export async function sweepHints(world: Pick<World, "deps" | "bus">): Promise<number> {
  let removed = 0;
  const agents = await listAgents(world.deps);
  const hints = new Map<string, string[]>();
  for (const agent of agents) hints.set(agent.name, await world.bus.hints(agent.name));
  const open = new Set((await openWork(world.deps)).map((item) => item.id));
  for (const [agent, ids] of hints) {
    for (const id of ids.filter((each) => !open.has(each))) {
      await world.bus.removeHint(agent, id);
      removed += 1;
    }
  }
  return removed;
}
