import { AitoError } from "@aito/base";
import { microToUsd, SpawnLimits, usdToMicro, type FleetFile } from "@aito/protocol";
import type { AgentRow } from "../agents/queries.ts";
import type { Unit } from "../company.ts";
import { startedBy } from "../grants/shield.ts";
import { currentFleet } from "../fleet/current-fleet.ts";
import { countTasksMade, countWorkers, lockSpawns, selectQuarantinedTwin } from "./queries.ts";

const hourMs = 3_600_000;
const quarantineMs = 24 * hourMs;

/** The limits of the registered fleet; those of today where its revision is older than they are. */
export const spawnLimits = (file: FleetFile): SpawnLimits => SpawnLimits.parse(file.spawning ?? {});

/** How deep workers start workers in this fleet: 1 where no type may. */
export const spawnDepth = (file: FleetFile): number =>
  Object.values(file.workers).some((worker) => (worker.spawns ?? []).length > 0) ? spawnLimits(file).depthMax : 1;

/** The worker types that an agent may start, by its role's or its own type's entry in the fleet file. */
export function spawnableTypes(file: FleetFile, agent: Pick<AgentRow, "kind" | "type" | "depth">): string[] {
  if (agent.kind === "agent") return startedBy(file, agent.type);
  return agent.depth < spawnLimits(file).depthMax ? (file.workers[agent.type]?.spawns ?? []) : [];
}

/** Refuses a task too many: AITO_TASK_RATE. The agent's row is locked. */
export async function checkTaskRate(unit: Unit, agent: AgentRow): Promise<void> {
  const { tasksPerHour } = spawnLimits((await currentFleet(unit)).file);
  const made = await countTasksMade(unit, agent.id, new Date(unit.now.getTime() - hourMs));
  if (made < tasksPerHour) return;
  throw new AitoError("AITO_TASK_RATE", `${agent.name} has made ${made} tasks within an hour; ${tasksPerHour} are allowed`, {
    hint: "this one was not made; finish what is open, and make the rest later",
    fate: "retry",
    status: 429,
  });
}

/**
 * Whether an agent may start this worker. What a decision released or the operator asked for is not held to these limits: it was
 * approved, and waits for a place like the others. Errors: AITO_WORKER_TYPE (none of the types that it may start), AITO_WORKER_DEPTH,
 * AITO_WORKER_LIMIT (too many run or wait), AITO_WORKER_BUDGET, AITO_TASK_QUARANTINED (the same ended its containers within a day).
 */
export async function checkSpawn(
  unit: Unit,
  parent: AgentRow,
  task: { title: string; description: string; workerType: string; budgetMicroUsd: bigint | null },
): Promise<void> {
  const { file } = await currentFleet(unit);
  const limits = spawnLimits(file);
  checkType(file, parent, task);
  const twin = await selectQuarantinedTwin(unit, { ...task, since: new Date(unit.now.getTime() - quarantineMs) });
  if (twin) {
    const why = twin.result?.summary ?? "it ended every container that it was given";
    throw new AitoError("AITO_TASK_QUARANTINED", `the same task was quarantined as ${twin.id}: ${why}`, {
      hint: "change what is asked, or do without it; the operator can lift it with: aito tasks release",
      fate: "human",
      status: 409,
    });
  }
  await lockSpawns(unit);
  const open = await countWorkers(unit, parent.id);
  const [count, max, whose] =
    open.parent >= limits.perParentMax
      ? [open.parent, limits.perParentMax, parent.name]
      : [open.company, limits.companyMax, "the company"];
  if (count < max) return;
  throw new AitoError("AITO_WORKER_LIMIT", `${whose} has ${count} workers that run or wait; ${max} are allowed`, {
    hint: "wait for a result, or do this one yourself",
    fate: "retry",
    status: 429,
  });
}

function checkType(
  file: FleetFile,
  parent: AgentRow,
  { workerType, budgetMicroUsd }: { workerType: string; budgetMicroUsd: bigint | null },
): void {
  const limits = spawnLimits(file);
  if (parent.depth >= limits.depthMax) {
    throw new AitoError(
      "AITO_WORKER_DEPTH",
      `${parent.name} is ${parent.depth} deep, and workers go ${limits.depthMax} deep here`,
      {
        hint: "do it yourself, or hand in what you have",
        status: 403,
      },
    );
  }
  const types = spawnableTypes(file, parent);
  if (!types.includes(workerType)) {
    throw new AitoError("AITO_WORKER_TYPE", `${parent.name} may start no worker of the type "${workerType}"`, {
      hint: `types that it may start: ${types.join(", ") || "none"}`,
      status: 403,
    });
  }
  const usdMax = file.workers[workerType]?.usdMax;
  if (usdMax !== undefined && (budgetMicroUsd ?? 0n) > usdToMicro(usdMax)) {
    throw new AitoError(
      "AITO_WORKER_BUDGET",
      `$${microToUsd(budgetMicroUsd!)} is more than a ${workerType} is given for one task: $${usdMax}`,
      { hint: "give it less, or propose a decision for the rest", status: 403 },
    );
  }
}
