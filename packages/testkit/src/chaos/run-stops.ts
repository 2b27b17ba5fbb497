import { pressSwitch, resumeSwitch } from "@aito/company";
import { sql } from "kysely";
import { seededRandom } from "../races/seeded-random.ts";
import { waitFor } from "../wait-for.ts";
import { type ChaosStack, startChaosStack } from "./chaos-stack.ts";
import { checkRecords } from "./check-records.ts";
import { pause } from "./fault-outcomes.ts";
import { startLoad } from "./load.ts";
import { type Spread, spreadOf } from "./measure-recovery.ts";
import type { Entry } from "./ledger.ts";
import { readRecords } from "./records.ts";
import { chooseTarget, lastRecordAt, type StopScope, type StopTarget } from "./stop-target.ts";
import { containersOf, type Seen } from "./watch-containers.ts";

/** What is promised to whoever presses: no effect later than this. */
export const stopMsMax = 2_000;
/** How long the company is watched after each press. */
const watchMs = 5_000;
/** Until no container runs. Nothing that they do is accepted meanwhile: how fast a busy engine kills is not what is promised. */
const killedMsMax = 10_000;
/** The same of a company whose orchestrator was killed, too: it must be back first, and from its sources it starts slowly. */
const killedAfterRestartMsMax = { bundles: 10_000, sources: 60_000 } as const;
const busyMsMax = 240_000;
const workedWithinMs = 5_000;
const drainMsMax = 180_000;

/** What else goes wrong at the press. */
export const stopSituations = ["nothing else", "Redis is down", "gateway and orchestrator are killed", "Redis hangs"] as const;
export type StopSituation = (typeof stopSituations)[number];

export interface StopPlan {
  seed: number;
  rounds: number;
  /** Standing agents beside the seven. */
  hands: number;
  bundles: boolean;
  situations: readonly StopSituation[];
  /** What is pressed: the company when nothing is said. Each in all situations before the next. */
  scopes?: readonly StopScope[];
  say: (line: string) => void;
}

export interface StopReport {
  seed: number;
  agents: number;
  rounds: {
    situation: StopSituation;
    scope: StopScope;
    running: number;
    working: number;
    model: number;
    tool: number;
    record: number;
    killed: number;
  }[];
  /** Milliseconds from the press to the last effect that anybody saw, and until no container ran. */
  lastEffectMs: Spread;
  killedMs: Spread;
  tasks: number;
  done: number;
  problems: string[];
}

/**
 * Presses a switch at full load, `rounds` times, and watches from outside: the model's own count of questions, the tool calls that
 * succeeded on the agents' link, what Postgres holds, and the engine's containers. What the switch does not cover goes on meanwhile. Then
 * the work that was interrupted must have been done, exactly once.
 */
export async function runStops(plan: StopPlan): Promise<StopReport> {
  const stack = await startChaosStack("stop", plan);
  try {
    const random = seededRandom(plan.seed);
    const { scopes = ["company"] } = plan;
    const load = startLoad(stack, { workersEvery: 0, decisionsEvery: 0, passFull: plan.scopes !== undefined });
    const rounds: StopReport["rounds"] = [];
    const problems: string[] = [];
    for (let round = 0; round < plan.rounds; round += 1) {
      const situation = plan.situations[round % plan.situations.length]!;
      const scope = scopes[Math.floor(round / plan.situations.length) % scopes.length]!;
      await untilBusy(stack);
      await pause(random.below(1_000));
      const working = atWork(stack);
      const target = await chooseTarget(stack, { scope, working, below: random.below });
      const { others, ...seen } = await pressOnce(stack, situation, target);
      rounds.push({ ...seen, situation, scope, working: working.size });
      const { model, tool, record, killed, running } = seen;
      const name = `press ${round + 1} (${`${scope} ${target.target}`.trim()}; ${situation})`;
      plan.say(
        `${name}: last question ${model} ms, tool ${tool} ms, record ${record} ms, ${running} containers dead after ${killed} ms` +
          (scope === "company" ? "" : `; ${others} doings of others later`),
      );
      for (const [what, ms] of Object.entries({ model, tool, record, killed })) {
        if (ms > limitOf(what, situation, plan.bundles)) problems.push(`${name}: ${what}: ${ms} ms`);
      }
      if (scope !== "company" && situation === "nothing else" && others === 0)
        problems.push(`${name}: all others stood still, too`);
    }
    load.stop();
    await load.done;
    const end = await settle(stack);
    const effects = rounds.map(({ model, tool, record }) => Math.max(model, tool, record));
    return {
      seed: plan.seed,
      agents: stack.agents.length,
      rounds,
      lastEffectMs: spreadOf(effects),
      killedMs: spreadOf(rounds.map(({ killed }) => killed)),
      ...end,
      problems: [...problems, ...end.problems],
    };
  } finally {
    await stack.close();
  }
}

const limitOf = (what: string, situation: StopSituation, bundles: boolean): number => {
  if (what !== "killed") return stopMsMax;
  if (situation !== "gateway and orchestrator are killed") return killedMsMax;
  return bundles ? killedAfterRestartMsMax.bundles : killedAfterRestartMsMax.sources;
};

interface Busy {
  running: number;
  working: number;
}

/** Who asked the model or used a tool within the last seconds. */
const atWork = ({ ledger }: ChaosStack): Set<string> =>
  new Set(
    [...ledger.of("asked"), ...ledger.of("tool")].filter(({ at }) => at > Date.now() - workedWithinMs).map(({ agent }) => agent),
  );

/** At full load: every agent has a container, and half of them asked the model or used a tool within the last seconds. */
async function untilBusy(stack: ChaosStack): Promise<void> {
  const look = async (): Promise<Busy> => ({
    running: (await containersOf(stack)).filter(({ state }) => state === "running").length,
    working: atWork(stack).size,
  });
  const isBusy = ({ running, working }: Busy): boolean => running >= stack.agents.length && working >= stack.agents.length / 2;
  await waitFor(look, isBusy, busyMsMax).catch(async (error: unknown) => {
    throw new Error(`the company was not at work again within ${busyMsMax / 1_000} s: ${await whyIdle(stack)}`, { cause: error });
  });
}

/** What waits, and why, as the company's records have it. */
async function whyIdle({ deps }: ChaosStack): Promise<string> {
  return await deps.db.transaction({ companyId: deps.companyId }, async (tx) => {
    const found = await sql<{
      line: string;
    }>`select format('%s %s failures %s failed runs %s, %s items open, %s claimed, the next due %s, %s',
        a.name, a.status, a.failures, a.failed_runs, count(w.id), count(w.run_id), min(w.available_at), a.status_reason) as line
      from agents a left join work w on w.agent_id = a.id and w.done_at is null group by a.id order by a.name`.execute(
      tx.queries,
    );
    const { rows } = await sql<{ line: string }>`select format('%s x %s', count(*), left(error, 200)) as line from runs
      where status = 'failed' group by left(error, 200) order by count(*) desc limit 5`.execute(tx.queries);
    return [`at ${tx.now.toISOString()}`, ...found.rows, ...rows]
      .map((row) => (typeof row === "string" ? row : row.line))
      .join("; ");
  });
}

interface Pressed {
  running: number;
  model: number;
  tool: number;
  record: number;
  killed: number;
  /** Questions and calls that the switch does not cover, later than the promise. */
  others: number;
}

async function pressOnce(stack: ChaosStack, situation: StopSituation, target: StopTarget): Promise<Pressed> {
  const { deps, ledger, redis, gateway, orchestrator } = stack;
  const who = { by: "operator", from: "the drill" };
  if (situation === "Redis is down") await redis.kill();
  if (situation === "Redis hangs") await redis.pause();
  const running = (await runningOf(stack, target)).length;
  const pressedAt = Date.now();
  const on = await pressSwitch(deps, { scope: target.scope, target: target.target, reason: `drill: ${situation}` }, who);
  if (situation === "gateway and orchestrator are killed") {
    gateway.signal("SIGKILL");
    orchestrator.signal("SIGKILL");
  }
  const killed = await untilNoneRuns(stack, target, pressedAt);
  await pause(Math.max(0, pressedAt + watchMs - Date.now()));
  const doings = [...ledger.of("asked"), ...ledger.of("tool").filter(({ ok }) => ok === true)].filter(({ at }) => at > pressedAt);
  const lastOf = (kind: "asked" | "tool"): number =>
    Math.max(0, ...doings.filter((entry) => entry.kind === kind && isCovered(entry, target)).map(({ at }) => at - pressedAt));
  const [model, tool] = [lastOf("asked"), lastOf("tool")];
  const record = Math.max(0, ((await lastRecordAt(stack, target)) ?? 0) - pressedAt);
  const others = doings.filter((entry) => !isCovered(entry, target) && entry.at > pressedAt + stopMsMax).length;
  if (situation === "Redis is down") await redis.startAgain();
  if (situation === "Redis hangs") await redis.unpause();
  await resumeSwitch(deps, { id: on.id, reason: "the drill goes on", confirm: on.label }, who);
  return { running, model, tool, record, killed, others };
}

type Doing = Extract<Entry, { kind: "asked" | "tool" }>;

/** Of a task: a question that shows it, and a call that names it. */
const isCovered = (entry: Doing, { agents, task }: StopTarget): boolean => {
  if (task === null) return agents.has(entry.agent);
  return entry.kind === "asked" ? entry.tasks.includes(task) : entry.key === task;
};

const runningOf = async (stack: ChaosStack, { agents }: StopTarget): Promise<Seen[]> =>
  (await containersOf(stack)).filter(({ agent, state }) => state === "running" && agents.has(agent));

async function untilNoneRuns(stack: ChaosStack, target: StopTarget, pressedAt: number): Promise<number> {
  for (;;) {
    const running = await runningOf(stack, target);
    const ms = Date.now() - pressedAt;
    if (running.length === 0 || ms > killedAfterRestartMsMax.sources) return ms;
    await pause(20);
  }
}

/** What was interrupted goes on: every accepted task is done, once. */
async function settle(stack: ChaosStack): Promise<{ tasks: number; done: number; problems: string[] }> {
  const until = Date.now() + drainMsMax;
  for (;;) {
    await pause(500);
    // The last press may have been with Redis down: the harness' own connection comes back in its time.
    const records = await readRecords(stack).catch((error: unknown) => {
      if (Date.now() < until) return null;
      throw error;
    });
    if (!records) continue;
    const open = records.tasks.filter(({ status }) => status === "pending" || status === "running").length;
    const problems = checkRecords(stack.ledger.entries, records);
    if ((open > 0 || problems.length > 0) && Date.now() < until) continue;
    const tasks = stack.ledger.of("accepted").filter(({ what }) => what === "task").length;
    return { tasks, done: records.tasks.filter(({ status }) => status === "done").length, problems };
  }
}
