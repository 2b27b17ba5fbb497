import { errorText } from "@aito/base";
import type { World } from "./world.ts";

/** A bus that does not answer at once holds nothing up for longer. */
const waitMs = 250;

/**
 * The incarnation is over: its bus user goes at once, and with it every connection that it still has. A bus that is away keeps
 * nothing up: the gateway sweeps users without a live session.
 */
export async function dropBusUser(world: World, agent: string, epoch: number): Promise<void> {
  const removed = world.bus
    .removeAgentUser(`agent:${agent}:${epoch}`)
    .catch((error: unknown) => world.log.debug({ agent, epoch, error: errorText(error) }, "the bus user stays for the sweep"));
  await Promise.race([removed, world.clock.sleep(waitMs)]);
}
