import type { World } from "../apply/world.ts";
import { afterAStir } from "./after-a-stir.ts";
import { makeHintKeeper } from "./hints.ts";
import type { Pace } from "./pace.ts";
import { sweepUrgent } from "./urgent.ts";

const leftoversEveryMs = 60_000;
const leftoversRestMs = 600_000;
const urgentRestMs = 20_000;

/** What is put right now and then: queue hints, urgent work without an agent, networks and volumes that agents left. */
export function makeUpkeep(world: World): (mayAct: () => boolean, pace: Pace) => Promise<void> {
  const keepHints = makeHintKeeper(world);
  const sweeping = afterAStir({ everyMs: leftoversEveryMs, restMs: leftoversRestMs, doneAt: null });
  let urgentAt: number | null = null;
  return async (mayAct, pace) => {
    // The bus's own answer tells whether bells can be heard.
    try {
      await keepHints(pace);
      pace.deaf(false);
    } catch (error) {
      pace.deaf(true);
      throw error;
    }
    const now = world.clock.now().getTime();
    // Urgent work has a bell of its own.
    if (urgentAt === null || Math.abs(now - urgentAt) >= pace.everyMs(0, urgentRestMs)) {
      urgentAt = now;
      await sweepUrgent(world);
    }
    if (!sweeping.isDue(now, pace) || !mayAct()) return;
    sweeping.done(now);
    const swept = await world.engine.sweep(world.fleet.file.company);
    if (swept > 0) world.log.info({ swept }, "networks and volumes of agents removed");
  };
}
