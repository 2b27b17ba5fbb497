import { stoppedAgents } from "@aito/company";
import { inParallel } from "../apply/in-parallel.ts";
import type { World } from "../apply/world.ts";

/** A stop does not wait in a line behind starts. */
const killsAtOnce = 32;
const alive = new Set(["created", "running", "paused", "restarting"]);

/**
 * SIGKILL for every container of a stopped agent. It looks at what is, as often as it is called: one that was being started at the
 * press is found by the next look. The reconciler removes what is dead and writes it down. Returns how many it killed.
 */
export async function killStopped(world: World, mayAct: () => boolean): Promise<number> {
  const stopped = await stoppedAgents(world.deps);
  if (stopped.size === 0) return 0;
  const containers = (await world.engine.list(world.fleet.file.company)).filter(
    (container) => stopped.has(container.agent) && alive.has(container.state),
  );
  const errors = await inParallel(containers, killsAtOnce, async (container) => {
    if (!mayAct()) return;
    await world.engine.kill(container.id);
    world.log.info({ agent: container.agent, epoch: container.epoch, container: container.id }, "killed: a kill switch is on");
  });
  if (errors.length > 0) throw errors[0];
  return containers.length;
}
