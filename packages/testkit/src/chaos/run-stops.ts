import { pressSwitch, resumeSwitch } from "@aito/company";
import { sql } from "kysely";
import { seededRandom } from "../races/seeded-random.ts";
import { waitFor } from "../wait-for.ts";
import { type ChaosStack, startChaosStack } from "./chaos-stack.ts";
import { checkRecords } from "./check-records.ts";
import { pause } from "./fault-outcomes.ts";
import { startLoad } from "./load.ts";
import { type Spread, spreadOf } from "./measure-recovery.ts";
import { readRecords } from "./records.ts";
import { containersOf } from "./watch-containers.ts";

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
  say: (line: string) => void;
}

export interface StopReport {
  seed: number;
  agents: number;
  rounds: {
    situation: StopSituation;
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
 * Presses the company's switch at full load, `rounds` times, and watches from outside: the model's own count of questions, the tool
 * calls that succeeded on the agents' link, the receipts and publications in Postgres, and the engine's containers. Then the work
 * that was interrupted must have been done, exactly once.
 */
export async function runStops(plan: StopPlan): Promise<StopReport> {
  const stack = await startChaosStack("stop", plan);
  try {
    const random = seededRandom(plan.seed);
    const load = startLoad(stack, { workersEvery: 0, decisionsEvery: 0 });
    const rounds: StopReport["rounds"] = [];
    const problems: string[] = [];
    for (let round = 0; round < plan.rounds; round += 1) {
      const situation = plan.situations[round % plan.situations.length]!;
      const { working } = await untilBusy(stack);
      await pause(random.below(1_000));
      const seen = { ...(await pressOnce(stack, situation)), working };
      rounds.push(seen);
      const { model, tool, record, killed, running } = seen;
      plan.say(
        `press ${round + 1} (${situation}): last question ${model} ms, tool ${tool} ms, record ${record} ms, ${running} containers dead after ${killed} ms`,
      );
      for (const [what, ms] of Object.entries({ model, tool, record, killed })) {
        if (ms > limitOf(what, situation, plan.bundles)) problems.push(`press ${round + 1} (${situation}): ${what}: ${ms} ms`);
      }
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

/** At full load: every agent has a container, and half of them asked the model or used a tool within the last seconds. */
async function untilBusy(stack: ChaosStack): Promise<Busy> {
  const look = async (): Promise<Busy> => ({
    running: (await containersOf(stack)).filter(({ state }) => state === "running").length,
    working: new Set(
      [...stack.ledger.of("asked"), ...stack.ledger.of("tool")]
        .filter(({ at }) => at > Date.now() - workedWithinMs)
        .map(({ agent }) => agent),
    ).size,
  });
  const isBusy = ({ running, working }: Busy): boolean => running >= stack.agents.length && working >= stack.agents.length / 2;
  return await waitFor(look, isBusy, busyMsMax).catch(async (error: unknown) => {
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

async function pressOnce(stack: ChaosStack, situation: StopSituation): Promise<Omit<StopReport["rounds"][number], "working">> {
  const { deps, redis, gateway, orchestrator } = stack;
  const who = { by: "operator", from: "the drill" };
  if (situation === "Redis is down") await redis.kill();
  if (situation === "Redis hangs") await redis.pause();
  const running = (await containersOf(stack)).filter(({ state }) => state === "running").length;
  const pressedAt = Date.now();
  const on = await pressSwitch(deps, { scope: "company", target: "", reason: `drill: ${situation}` }, who);
  if (situation === "gateway and orchestrator are killed") {
    gateway.signal("SIGKILL");
    orchestrator.signal("SIGKILL");
  }
  const killed = await untilNoneRuns(stack, pressedAt);
  await pause(Math.max(0, pressedAt + watchMs - Date.now()));
  const after = (entry: { at: number }): boolean => entry.at > pressedAt;
  const lastOf = (times: number[]): number => (times.length === 0 ? 0 : Math.max(...times) - pressedAt);
  const model = lastOf(
    stack.ledger
      .of("asked")
      .filter(after)
      .map(({ at }) => at),
  );
  const tool = lastOf(
    stack.ledger
      .of("tool")
      .filter((entry) => after(entry) && entry.ok === true)
      .map(({ at }) => at),
  );
  const record = await lastRecordMs(stack, pressedAt);
  if (situation === "Redis is down") await redis.startAgain();
  if (situation === "Redis hangs") await redis.unpause();
  await resumeSwitch(deps, { id: on.id, reason: "the drill goes on", confirm: on.label }, who);
  return { situation, running, model, tool, record, killed };
}

async function untilNoneRuns(stack: ChaosStack, pressedAt: number): Promise<number> {
  for (;;) {
    const running = (await containersOf(stack)).filter(({ state }) => state === "running");
    const ms = Date.now() - pressedAt;
    if (running.length === 0 || ms > killedAfterRestartMsMax.sources) return ms;
    await pause(20);
  }
}

/**
 * The newest thing that an agent did, as Postgres has it. Receipts are no effects: they tell of one that was done before. What the
 * load proposes in an agent's name is the operator's doing, and is left out.
 */
async function lastRecordMs({ deps }: ChaosStack, pressedAt: number): Promise<number> {
  return await deps.db.transaction({ companyId: deps.companyId }, async (tx) => {
    const found = await sql<{ at: Date | null }>`select max(at) as at from (
        select max(created_at) as at from publications
        union all select max(created_at) from messages where from_agent is not null and type = 'direct'
        union all select max(created_at) from agent_history where not details ? 'decision'
        union all select max(completed_at) from tasks) as done`.execute(tx.queries);
    return Math.max(0, (found.rows[0]?.at?.getTime() ?? 0) - pressedAt);
  });
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
