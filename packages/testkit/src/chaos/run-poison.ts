import { createTask, settleQuarantine, taskView } from "@aito/company";
import { type ChaosStack, startChaosStack } from "./chaos-stack.ts";
import { pause } from "./fault-outcomes.ts";
import { startLoad } from "./load.ts";
import { othersShare, poisonProblems, type PoisonRound } from "./poison-verdict.ts";
import { waitFor } from "../wait-for.ts";
import { containersOf, watchEveryMs } from "./watch-containers.ts";

/**
 * Tasks of one agent in a second. A task is two or three tool calls, and an agent may make two a second: at that limit its work comes in
 * bursts as it is told to wait, and no two windows can be compared. Below it, what is not finished in time was held up.
 */
const tasksPerAgentSecond = 0.6;
const abortedMsMax = 10_000;
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
  rounds: PoisonRound[];
  othersShare: number;
  problems: string[];
}

/**
 * F19: under load, a worker's task is handed out whose worker aborts as soon as it runs, each time. Counted from outside: how many
 * containers it gets, and how many tasks the others finish meanwhile, against as long a time right before and right after.
 */
export async function runPoison(plan: PoisonPlan): Promise<PoisonReport> {
  const stack = await startChaosStack("poison", plan);
  try {
    const load = startLoad(stack, {
      workersEvery: 0,
      decisionsEvery: 0,
      perSecondMax: stack.agents.length * tasksPerAgentSecond,
    });
    await untilAllWorked(stack);
    const rounds: PoisonRound[] = [];
    // What was handed out while the last one started is caught up with first.
    const leadIn = await finishedWithin(stack, plan.windowSeconds);
    plan.say(`the others finished ${leadIn} tasks in the first window, which does not count`);
    let before = await finishedWithin(stack, plan.windowSeconds);
    for (let round = 1; round <= plan.rounds; round += 1) {
      const [poisoned, beside] = await Promise.all([poison(stack, round), finishedWithin(stack, plan.windowSeconds)]);
      const after = await finishedWithin(stack, plan.windowSeconds);
      rounds.push({ before, beside, after, ...poisoned });
      plan.say(
        `poison ${round}: ${poisoned.status} after ${poisoned.containers} containers and ${poisoned.quarantinedMs} ms; others finished ${before} tasks before, ${beside} beside it, ${after} after`,
      );
      before = after;
    }
    load.stop();
    await load.done;
    const agents = stack.agents.length;
    return { seed: plan.seed, agents, rounds, othersShare: othersShare(rounds), problems: poisonProblems(rounds) };
  } finally {
    await stack.close();
  }
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

/** Ends the agent's process inside its container, which then exits by itself: whoever is process 1 there is deaf to SIGABRT from outside. */
const abortAgent = `const { readdirSync, readFileSync } = require("node:fs");
for (const pid of readdirSync("/proc").filter((name) => /^\\d+$/.test(name))) {
  const [parent] = readFileSync("/proc/" + pid + "/stat", "utf8").split(") ")[1].split(" ").slice(1);
  if (parent === "1") process.kill(Number(pid), "SIGABRT");
}`;

/** True when the container has ended by the abort. */
async function abort({ docker }: ChaosStack, id: string): Promise<boolean> {
  const container = docker().getContainer(id);
  const made = await container.exec({ Cmd: ["node", "-e", abortAgent], AttachStdout: false, AttachStderr: false });
  // It may have begun although the answer is an error: what counts is how the container stands.
  await made.start({ Detach: true }).catch(() => undefined);
  const isOver = (): Promise<boolean> =>
    container.inspect().then(
      ({ State }) => !State.Running,
      // Removed already.
      (error: { statusCode?: number }) => error.statusCode === 404,
    );
  return await waitFor(isOver, Boolean, abortedMsMax).then(
    () => true,
    () => false,
  );
}

/**
 * Aborts each container of the task's worker as soon as a run is handed to it, until the task is over; a human then says what becomes of
 * it.
 */
async function poison(
  stack: ChaosStack,
  round: number,
): Promise<Pick<PoisonRound, "containers" | "aborted" | "status" | "quarantinedMs">> {
  const { deps, traps } = stack;
  const since = Date.now();
  const task = await createTask(deps, "operator", { title: `Poison ${round}`, assignTo: "cmo", workerType: "analyst" });
  const worker = task.workerAgent!;
  const had = new Set<string>();
  const aborted = new Set<string>();
  const aborting: Promise<void>[] = [];
  const abortAll = async (): Promise<void> => {
    const alive = (await containersOf(stack)).filter(({ agent, state }) => agent === worker && state === "running");
    for (const { id } of alive) {
      had.add(id);
      if (await abort(stack, id).catch(() => false)) aborted.add(id);
    }
  };
  let untrap = (): void => undefined;
  const setTrap = (): void => {
    untrap = traps.set({
      moment: "run handed over",
      agent: worker,
      spring: async () => {
        setTrap();
        const all = abortAll();
        aborting.push(all);
        await all;
      },
    });
  };
  setTrap();
  const ended = async (status: string) => {
    const quarantinedMs = Date.now() - since;
    // The task may be over before the last container was seen to be.
    await Promise.allSettled(aborting);
    return { containers: had.size, aborted: aborted.size, status, quarantinedMs };
  };
  try {
    for (;;) {
      const { status, quarantine } = await taskView(deps, task.id);
      if (quarantine) {
        const seen = await ended("quarantined");
        await settleQuarantine(deps, { task: task.id, settle: { how: "give_up" }, by: "operator" });
        return seen;
      }
      const isOver = status !== "pending" && status !== "running";
      if (isOver || Date.now() > since + quarantinedMsMax) return await ended(status);
      await pause(watchEveryMs);
    }
  } finally {
    untrap();
  }
}
