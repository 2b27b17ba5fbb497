import { errorText } from "@aito/base";
import type { World } from "./world.ts";

/**
 * The incarnation is over: its bus user goes at once, and with it every connection that it still has. A bus that is away keeps
 * nothing up: the gateway sweeps users without a live session.
 */
export async function dropBusUser(world: World, agent: string, epoch: number): Promise<void> {
  await world.bus
    .removeAgentUser(`agent:${agent}:${epoch}`)
    .catch((error: unknown) => world.log.debug({ agent, epoch, error: errorText(error) }, "the bus user stays for the sweep"));
}
