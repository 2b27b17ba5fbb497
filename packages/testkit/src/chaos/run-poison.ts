import { createTask, settleQuarantine, taskView } from "@aito/company";
import { type ChaosStack, startChaosStack } from "./chaos-stack.ts";
import { pause } from "./fault-outcomes.ts";
import { startLoad } from "./load.ts";
import { containersOf, watchEveryMs } from "./watch-containers.ts";

/** What is promised of a task that always ends its worker. */
export const poisonPromises = { containers: 3, othersShare: 0.95 } as const;
const busyMsMax = 240_000;
const quarantinedMsMax = 180_000;

export interface PoisonPlan {
  seed: number;
  rounds: number;
  /** How long work is counted, once without a poison task and once beside one. */
  windowSeconds: number;
  /** Standing agents beside the seven. */
  hands: number;
  bundles: boolean;
  say: (line: string) => void;
}

export interface PoisonReport {
  seed: number;
  agents: number;
  /** Tasks that standing agents finished in each window, and containers that the poison task had. */
  rounds: { alone: number; beside: number; containers: number; status: string; quarantinedMs: number }[];
  /** What the others did beside it, of what they did without. */
  othersShare: number;
  problems: string[];
}

/**
 * F19: under load, a worker's task is handed out whose worker aborts as soon as it runs, each time. Counted from outside: how many
 * containers it gets, and how many tasks the others finish meanwhile, against as long a time right before.
 */
export async function runPoison(plan: PoisonPlan): Promise<PoisonReport> {
  const stack = await startChaosStack("poison", plan);
  try {
    const load = startLoad(stack, { workersEvery: 0, decisionsEvery: 0 });
    await untilAllWorked(stack);
    const rounds: PoisonReport["rounds"] = [];
    for (let round = 1; round <= plan.rounds; round += 1) {
      const alone = await finishedWithin(stack, plan.windowSeconds);
      const [poisoned, beside] = await Promise.all([poison(stack, round), finishedWithin(stack, plan.windowSeconds)]);
      rounds.push({ alone, beside, ...poisoned });
      plan.say(
        `poison ${round}: ${poisoned.status} after ${poisoned.containers} containers and ${poisoned.quarantinedMs} ms; others finished ${alone} tasks without it, ${beside} beside it`,
      );
    }
    load.stop();
    await load.done;
    const sum = (of: "alone" | "beside"): number => rounds.reduce((total, each) => total + each[of], 0);
    const othersShare = Number((sum("beside") / Math.max(1, sum("alone"))).toFixed(3));
    return { seed: plan.seed, agents: stack.agents.length, rounds, othersShare, problems: problemsOf(rounds, othersShare) };
  } finally {
    await stack.close();
  }
}

function problemsOf(rounds: PoisonReport["rounds"], othersShare: number): string[] {
  const { containers, othersShare: promised } = poisonPromises;
  return [
    ...rounds.flatMap((round, index) => [
      ...(round.status === "quarantined" ? [] : [`poison ${index + 1} is ${round.status}, not quarantined`]),
      ...(round.containers <= containers ? [] : [`poison ${index + 1} got ${round.containers} containers`]),
    ]),
    ...(othersShare >= promised ? [] : [`the others finished ${othersShare} of what they do without it, promised: ${promised}`]),
  ];
}

/** Tasks that standing agents handed in, as the link saw it. */
async function finishedWithin({ ledger, agents }: ChaosStack, seconds: number): Promise<number> {
  const from = ledger.entries.length;
  await pause(seconds * 1_000);
  const standing = new Set(agents);
  return ledger.entries
    .slice(from)
    .filter((entry) => entry.kind === "tool" && entry.tool === "complete_task" && entry.ok === true && standing.has(entry.agent))
    .length;
}

async function untilAllWorked({ ledger, agents }: ChaosStack): Promise<void> {
  const until = Date.now() + busyMsMax;
  const worked = (): number => new Set(ledger.of("tool").map(({ agent }) => agent)).size;
  while (worked() < agents.length && Date.now() < until) await pause(watchEveryMs);
}

/**
 * Aborts each container of the task's worker as soon as a run is handed to it, until the task is over; a human then says what becomes of
 * it.
 */
async function poison(
  stack: ChaosStack,
  round: number,
): Promise<Pick<PoisonReport["rounds"][number], "containers" | "status" | "quarantinedMs">> {
  const { deps, docker, traps } = stack;
  const since = Date.now();
  const task = await createTask(deps, "operator", { title: `Poison ${round}`, assignTo: "cmo", workerType: "analyst" });
  const worker = task.workerAgent!;
  const ended = new Set<string>();
  const abort = async (): Promise<void> => {
    const alive = (await containersOf(stack)).filter(({ agent, state }) => agent === worker && state === "running");
    for (const { id } of alive) {
      ended.add(id);
      // Its own doing, as the engine tells it: neither killed nor asked to end.
      await docker()
        .getContainer(id)
        .kill({ signal: "SIGABRT" })
        .catch(() => undefined);
    }
  };
  let untrap = (): void => undefined;
  const setTrap = (): void => {
    untrap = traps.set({
      moment: "run handed over",
      agent: worker,
      spring: async () => {
        setTrap();
        await abort();
      },
    });
  };
  setTrap();
  try {
    for (;;) {
      const { status, quarantine } = await taskView(deps, task.id);
      if (quarantine) {
        const quarantinedMs = Date.now() - since;
        await settleQuarantine(deps, { task: task.id, settle: { how: "give_up" }, by: "operator" });
        return { containers: ended.size, status: "quarantined", quarantinedMs };
      }
      const isOver = status !== "pending" && status !== "running";
      if (isOver || Date.now() > since + quarantinedMsMax) {
        return { containers: ended.size, status, quarantinedMs: Date.now() - since };
      }
      await pause(watchEveryMs);
    }
  } finally {
    untrap();
  }
}
