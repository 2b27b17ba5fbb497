import type { ChaosStack } from "./chaos-stack.ts";

export const watchEveryMs = 200;
/** The platform may take this long to remove what must not be there. */
export const orphanMsMax = 15_000;

export interface Seen {
  id: string;
  agent: string;
  epoch: number;
  state: string;
}

/** `docker ps -a` of the company, as the engine says it. */
export async function containersOf(stack: ChaosStack): Promise<Seen[]> {
  const filters = { label: [`aito.company=${stack.slug}`] };
  const listed = await stack.docker().listContainers({ all: true, filters });
  return listed.map(({ Id, Labels, State }) => ({
    id: Id,
    agent: Labels["aito.agent"] ?? "",
    epoch: Number(Labels["aito.epoch"]),
    state: State,
  }));
}

/** Looks at the engine all the time, and notes whenever an agent has two living containers. */
export function watchContainers(stack: ChaosStack): { stop(): Promise<{ looks: number }> } {
  let stopped = false;
  let looks = 0;
  const loop = (async () => {
    while (!stopped) {
      const seen = await containersOf(stack).catch(() => null);
      if (seen) looks += 1;
      const living = Map.groupBy(seen?.filter(({ state }) => state === "running") ?? [], ({ agent }) => agent);
      for (const [agent, all] of living) {
        if (all.length > 1) stack.ledger.add({ kind: "broken", what: `I4: ${agent} has ${all.length} living containers` });
      }
      await new Promise((done) => setTimeout(done, watchEveryMs));
    }
  })();
  return {
    stop: async () => {
      stopped = true;
      await loop;
      return { looks };
    },
  };
}
