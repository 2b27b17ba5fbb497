import type { DesiredAgent } from "@aito/company";
import { specDigest } from "../apply/container-spec.ts";
import type { World } from "../apply/world.ts";

/** An image is looked up this often: a new one under the same name is a change of configuration. */
const imageAgeMsMax = 60_000;

/** What each agent's container would be made of now. Unknown (the image is missing) is null: then nothing is replaced. */
export function makeDesiredDigests(world: World): (agents: DesiredAgent[]) => Promise<Map<string, string | null>> {
  const ids = new Map<string, { id: string | null; at: number }>();
  const digests = new Map<string, { of: string; digest: string }>();

  const imageId = async (image: string): Promise<string | null> => {
    const known = ids.get(image);
    const now = world.clock.now().getTime();
    if (known && Math.abs(now - known.at) < imageAgeMsMax) return known.id;
    const id = await world.engine.imageId(image);
    ids.set(image, { id, at: now });
    return id;
  };

  return async (agents) => {
    const found = new Map<string, string | null>();
    const agentImage = await imageId(world.images.agent);
    for (const agent of agents) {
      if (agent.kind !== "agent" || agentImage === null) continue;
      const of = `${agentImage} ${agent.profileDigest} ${agent.model} ${agent.department} ${agent.loopIntervalSeconds} ${agent.gitRepo} ${agent.gitFilter}`;
      const known = digests.get(agent.name);
      const digest = known?.of === of ? known.digest : specDigest(world, agent, agentImage);
      digests.set(agent.name, { of, digest });
      found.set(agent.name, digest);
    }
    return found;
  };
}
