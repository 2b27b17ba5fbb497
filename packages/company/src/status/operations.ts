import type { OperationsView } from "@aito/protocol";
import { type CompanyDeps, transact } from "../company.ts";
import { currentFleet } from "../fleet/current-fleet.ts";
import { spawnLimits } from "../workers/check-spawn.ts";
import { listWorkers } from "../workers/list-workers.ts";
import { selectQueues } from "./queries.ts";

/** What waits for whom, and how far workers are scaled: as many as have work, within the fleet file's limits. */
export async function operations(deps: CompanyDeps): Promise<OperationsView> {
  const workers = await listWorkers(deps);
  return await transact(deps, async (unit) => {
    const { file } = await currentFleet(unit);
    const { runningMax, perParentMax, companyMax } = spawnLimits(file);
    const count = (state: (typeof workers)[number]["state"]): number => workers.filter((worker) => worker.state === state).length;
    return {
      workers,
      places: {
        running: count("running"),
        waiting: count("waiting") + count("retrying"),
        runningMax,
        perParentMax,
        companyMax,
      },
      queues: (await selectQueues(unit)).map(({ agent, waiting, oldest }) => ({
        agent,
        waiting,
        oldestSince: oldest.toISOString(),
      })),
    };
  });
}
