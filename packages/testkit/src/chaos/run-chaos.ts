import { copyFileSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { errorText } from "@aito/base";
import { seededRandom, type SeededRandom } from "../races/seeded-random.ts";
import { type ChaosStack, startChaosStack } from "./chaos-stack.ts";
import { bareContainerMs } from "./bare-container.ts";
import { changedImage } from "./change-image.ts";
import { checkRecords } from "./check-records.ts";
import { pause } from "./fault-outcomes.ts";
import type { Fault } from "./fault.ts";
import { agentFaults, otherFaults } from "./faults.ts";
import { startLoad } from "./load.ts";
import { brokenPromises, recoveries, replacements, type Spread, spreadOf } from "./measure-recovery.ts";
import { readRecords, type Records } from "./records.ts";
import { orphanMsMax, watchContainers } from "./watch-containers.ts";

export interface ChaosPlan {
  seed: number;
  tasks: number;
  /** It goes on until so many kills were done and all tasks are handed out, at most `minutes`. */
  kills: number;
  minutes: number;
  /** Only faults whose id or name contains one of these; empty: all. */
  only: string[];
  hands: number;
  privateEngine: boolean;
  liveRestore: boolean;
  bundles: boolean;
  workersEvery: number;
  decisionsEvery: number;
  /** Names of faults that are played one after another, each once, with nothing beside them; then it ends. Empty: at random. */
  sequence: string[];
  /** Milliseconds between the kills of agents, and between other faults. */
  agentEveryMs: number;
  otherEveryMs: number;
  say: (line: string) => void;
  /** Ends it early: nothing more is broken or handed out, and what there is is checked. */
  signal?: AbortSignal;
}

export const chaosDefaults: Omit<ChaosPlan, "say" | "seed" | "signal"> = {
  tasks: 10_000,
  kills: 300,
  minutes: 45,
  only: [],
  hands: 5,
  privateEngine: true,
  liveRestore: false,
  bundles: true,
  workersEvery: 150,
  decisionsEvery: 400,
  sequence: [],
  agentEveryMs: 3_000,
  otherEveryMs: 3_000,
};

export interface ChaosReport {
  seed: number;
  tasks: number;
  done: number;
  lost: number;
  twice: number;
  kills: number;
  faults: Record<string, number>;
  unsure: number;
  seconds: number;
  /** While there was load. */
  tasksPerMinute: number;
  killsPerMinute: number;
  /** Looks at the engine, and milliseconds until everything was in order after the last fault. */
  looks: number;
  settledMs: number;
  /** Milliseconds after the last fault until no container was left that nobody wants. */
  clearedMs: number;
  /** Processes of an engine that was killed in the middle of a start: it does not list them itself, so nobody above it can end them. */
  engineLeftovers: number;
  /** The floor: a bare container's life on this machine, right after the run. */
  bareContainerMs: number;
  replacedMs: Spread;
  /** Agents that were killed once more before they were back. */
  killedAgain: number;
  workingAgainMs: Record<string, Spread>;
  problems: string[];
}

const drainMsMax = 240_000;
const settleMsMax = 60_000;

/** Plays a plan on a stack of its own and checks it. `before` is called with the stack while it still stands. */
export async function runChaos(
  plan: ChaosPlan,
  inspect: (stack: ChaosStack, records: Records) => Promise<void> = async () => undefined,
): Promise<ChaosReport> {
  const random = seededRandom(plan.seed);
  const stack = await startChaosStack("chaos", { ...plan, endsOn: plan.signal ? ["SIGTERM"] : ["SIGINT", "SIGTERM"] });
  try {
    const startedAt = Date.now();
    const watch = watchContainers(stack);
    const loadSeconds = await breakUnderLoad(stack, plan, random);
    const rest = await settle(stack, plan.say);
    const { looks } = await watch.stop();
    const { records } = rest;
    const report = reportOf(stack, plan, {
      ...rest,
      bare: await bareContainerMs(stack),
      looks,
      loadSeconds,
      seconds: Math.round((Date.now() - startedAt) / 1_000),
    });
    if (report.problems.length > 0) keepTraces(stack, plan);
    await inspect(stack, records);
    return report;
  } finally {
    await stack.close();
  }
}

/** What is needed to find out why something is wrong: the observers' ledger, and what the programs said. */
function keepTraces(stack: ChaosStack, plan: ChaosPlan): void {
  const to = join(tmpdir(), `aito-chaos-seed-${plan.seed}`);
  mkdirSync(to, { recursive: true });
  for (const name of ["ledger.ndjson", "gateway.log", "orchestrator.log"]) copyFileSync(join(stack.folder, name), join(to, name));
  plan.say(`the ledger and the programs' logs are kept in ${to}`);
}

/**
 * Hands out the tasks, and breaks things meanwhile: agents in one lane, everything else in another. The load goes on until the last
 * fault is over. Returns how long there was load, in seconds.
 */
async function breakUnderLoad(stack: ChaosStack, plan: ChaosPlan, random: SeededRandom): Promise<number> {
  const since = Date.now();
  const until = since + plan.minutes * 60_000;
  const load = startLoad(stack, plan);
  const killed = (): number => stack.ledger.of("fault").reduce((sum, fault) => sum + fault.kills, 0);
  const enough = (): boolean =>
    plan.signal?.aborted === true || Date.now() > until || (killed() >= plan.kills && load.accepted() >= plan.tasks);
  const ending = new AbortController();
  const lane = async (next: () => Fault | undefined, everyMs: number, own: SeededRandom): Promise<void> => {
    for (let fault = next(); fault !== undefined && !enough(); fault = next()) {
      await pause(own.below(2 * everyMs), ending.signal);
      if (enough()) return;
      try {
        await fault.run(stack, own, ending.signal);
      } catch (error) {
        stack.ledger.add({ kind: "broken", what: `the fault "${fault.name}" could not be played: ${errorText(error)}` });
      }
    }
  };
  const progress = setInterval(() => {
    plan.say(`${load.accepted()} of ${plan.tasks} tasks handed out, ${killed()} of ${plan.kills} kills`);
  }, 15_000);
  const over = Promise.all(lanesOf(stack, plan, random).map(({ next, everyMs, own }) => lane(next, everyMs, own)));
  const endOf = async (): Promise<void> => {
    while (!enough()) await pause(200);
  };
  await Promise.race([over, endOf()]);
  ending.abort();
  // What is broken at the end is mended under load: a fault asks whether work goes on after it.
  await over;
  load.stop();
  await load.done;
  clearInterval(progress);
  for (const agent of stack.agents) stack.link.mend(agent);
  stack.engineProxy.heal();
  stack.redisLink.heal();
  return (Date.now() - since) / 1_000;
}

interface Lane {
  next: () => Fault | undefined;
  everyMs: number;
  own: SeededRandom;
}

function lanesOf(stack: ChaosStack, plan: ChaosPlan, random: SeededRandom): Lane[] {
  const [first, second] = [seededRandom(random.below(2 ** 31)), seededRandom(random.below(2 ** 31))];
  const others = otherFaults(second).filter((fault) => fault.id !== "F17" || stack.privateEngine);
  if (plan.sequence.length > 0) {
    const all = [...agentFaults, ...others, changedImage];
    const left = plan.sequence.flatMap((name) => all.find((fault) => fault.name === name) ?? []);
    return [{ next: () => left.shift(), everyMs: plan.otherEveryMs, own: second }];
  }
  const wanted = (fault: Fault): boolean =>
    plan.only.length === 0 || plan.only.some((word) => fault.id === word || fault.name.includes(word));
  const [agents, rest] = [agentFaults.filter(wanted), others.filter(wanted)];
  return [
    { next: () => pickByWeight(agents, first), everyMs: plan.agentEveryMs, own: first },
    { next: () => pickByWeight(rest, second), everyMs: plan.otherEveryMs, own: second },
  ];
}

const pickByWeight = (faults: Fault[], random: SeededRandom): Fault | undefined => {
  const weight = (fault: Fault): number => fault.weight || 1;
  let left = random.below(faults.reduce((sum, fault) => sum + weight(fault), 0));
  return faults.find((fault) => (left -= weight(fault)) < 0);
};

interface Rest {
  settledMs: number;
  clearedMs: number;
  records: Records;
}

/** Waits until everything that was accepted is done and nothing is wrong any more; what is wrong at the end of the time stays wrong. */
async function settle(stack: ChaosStack, say: (line: string) => void): Promise<Rest> {
  const since = Date.now();
  let clearedMs: number | null = null;
  for (let said = 0; ;) {
    await pause(500);
    const records = await readRecords(stack).catch(() => null);
    const problems = records ? checkRecords(stack.ledger.entries, records) : ["the records cannot be read"];
    const tasks = records?.tasks.filter(({ status }) => status === "pending" || status === "running").length ?? 1;
    const open = tasks + (records?.openWork.length ?? 0) + (records?.openRuns.length ?? 0);
    const passedMs = Date.now() - since;
    const over = passedMs > (open > 0 ? drainMsMax : settleMsMax) && records !== null;
    const fixed = problems.every((problem) => stack.ledger.of("broken").some(({ what }) => what === problem));
    if (records && !problems.some((problem) => problem.startsWith("I3: a container"))) clearedMs ??= passedMs;
    if (records && (fixed || over)) return { settledMs: passedMs, clearedMs: clearedMs ?? passedMs, records };
    if (passedMs > drainMsMax * 2) throw new Error("the records cannot be read after the run");
    if (passedMs - said > 10_000) {
      said = passedMs;
      say(
        `settling: ${open} tasks, runs and items of work open, ${problems.length} things not in order; the first: ${problems[0]}`,
      );
    }
  }
}

function reportOf(
  stack: ChaosStack,
  plan: ChaosPlan,
  end: Rest & { looks: number; seconds: number; loadSeconds: number; bare: number },
): ChaosReport {
  const { entries } = stack.ledger;
  const faults: Record<string, number> = {};
  for (const { fault } of stack.ledger.of("fault")) faults[fault] = (faults[fault] ?? 0) + 1;
  const problems = [
    ...checkRecords(entries, end.records),
    ...brokenPromises(entries, stack.agents).map((problem) => `${problem} (a bare container takes ${end.bare} ms here)`),
    ...(end.clearedMs > orphanMsMax
      ? [`I3: a container that nobody wants was there for ${end.clearedMs} ms after the last fault, promised: ${orphanMsMax}`]
      : []),
    ...(end.settledMs > drainMsMax ? [`I8: it took ${end.settledMs} ms to come to rest`] : []),
  ];
  const accepted = stack.ledger.of("accepted").filter(({ what }) => what === "task");
  const kills = stack.ledger.of("fault").reduce((sum, fault) => sum + fault.kills, 0);
  return {
    seed: plan.seed,
    tasks: accepted.length,
    done: end.records.tasks.filter(({ status }) => status === "done").length,
    lost: problems.filter((problem) => problem.startsWith("I1")).length,
    twice: problems.filter((problem) => problem.startsWith("I2")).length,
    kills,
    faults: Object.fromEntries(Object.entries(faults).toSorted(([a], [b]) => (a < b ? -1 : 1))),
    unsure: stack.ledger.of("unsure").length,
    seconds: end.seconds,
    tasksPerMinute: Math.round((accepted.length * 60) / end.loadSeconds),
    killsPerMinute: Number(((kills * 60) / end.loadSeconds).toFixed(1)),
    looks: end.looks,
    settledMs: end.settledMs,
    clearedMs: end.clearedMs,
    engineLeftovers: (end.records.shims ?? []).filter((id) => !end.records.containers.some((seen) => seen.id === id)).length,
    bareContainerMs: end.bare,
    replacedMs: spreadOf(replacements(entries, stack.agents).ms),
    killedAgain: replacements(entries, stack.agents).again,
    workingAgainMs: recoveries(entries),
    problems,
  };
}
