import type { WorkerView } from "@aito/protocol";
import { type CompanyDeps, transact } from "../company.ts";
import { currentFleet } from "../fleet/current-fleet.ts";
import { spawnDepth, spawnLimits } from "./check-spawn.ts";
import { queueForPlaces, waitsForPlace } from "./place-queue.ts";
import { selectSpawned, type SpawnedRow } from "./queries.ts";

/** Workers that run, wait or are being cleared away, oldest first, each with why it is where it is. */
export async function listWorkers(deps: CompanyDeps): Promise<WorkerView[]> {
  return await transact(deps, async (unit) => {
    const { file } = await currentFleet(unit);
    const rows = await selectSpawned(unit);
    const places = { max: spawnLimits(file).runningMax, depthMax: spawnDepth(file) };
    const seekers = rows.filter((row) => !holdsPlace(row) && row.desired === "running" && !restsUntil(row, unit.now));
    const { starts, waits } = queueForPlaces(
      rows.filter(holdsPlace),
      seekers.map((row) => ({ ...row, since: row.created_at })),
      places,
    );
    return rows.map((row) => {
      const before = waits.indexOf(row.name);
      const [state, why] = stateOf(row, { now: unit.now, starts: starts.includes(row.name), before, max: places.max });
      return viewOf(row, state, why);
    });
  });
}

/** What listing and planning agree on: a container is there, or is being made. */
const holdsPlace = (row: SpawnedRow): boolean =>
  row.container_id !== null || row.status === "starting" || row.status === "active";

const restsUntil = (row: SpawnedRow, now: Date): boolean => row.retry_at !== null && row.retry_at > now;

function stateOf(
  row: SpawnedRow,
  { now, starts, before, max }: { now: Date; starts: boolean; before: number; max: number },
): [WorkerView["state"], string] {
  if (row.desired === "gone") return ["ending", "its task is over"];
  if (holdsPlace(row)) return ["running", row.status === "active" ? "it works" : "its container is starting"];
  if (row.desired === "stopped") return ["stopped", "the company is stopped"];
  if (restsUntil(row, now)) return ["retrying", row.status_reason ?? `next try at ${row.retry_at!.toISOString()}`];
  return starts || before < 0 ? ["waiting", "it is started now"] : ["waiting", waitsForPlace(before, max)];
}

const viewOf = (row: SpawnedRow, state: WorkerView["state"], why: string): WorkerView => ({
  name: row.name,
  type: row.type,
  parent: row.parent,
  depth: row.depth,
  taskId: row.task_id,
  title: row.title,
  priority: row.priority,
  containers: row.started_at === null ? 0 : row.attempts,
  budgetMicroUsd: row.budget_micro_usd?.toString() ?? null,
  state,
  why,
  createdAt: row.created_at.toISOString(),
});
