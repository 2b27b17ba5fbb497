import { randomUUID } from "node:crypto";
import type { Clock, Logger } from "@aito/base";
import { errorText } from "@aito/base";
import type { Bus } from "@aito/bus";
import { type AnchorStore, type CompanyDeps, packWarnings, registerFleet, spawnDepth, spawnLimits, stopAll } from "@aito/company";
import type { Engine } from "@aito/engine";
import { channels, type Fleet, readConsoleBell } from "@aito/protocol";
import { leadersEngine } from "./apply/leaders-engine.ts";
import type { World } from "./apply/world.ts";
import { complaints } from "./loops/complaints.ts";
import { type ControlLoops, controlLoops } from "./loops/control-loops.ts";
import { defaultLeaseMs, type Leader, startLeader } from "./loops/leader.ts";
import type { LastPass } from "./loops/reconcile.ts";
import { keepSubscribed } from "./loops/keep-subscribed.ts";
import type { Loop } from "./loops/start-loop.ts";
import { dispatchUrgent } from "./loops/urgent.ts";
import { type PlanSettings, planSettings } from "./plan/snapshot.ts";

export interface OrchestratorOptions {
  deps: CompanyDeps;
  bus: Bus;
  engine: Engine;
  log: Logger;
  clock: Clock;
  fleet: Fleet;
  images: { agent: string; worker: string; claudeCode: string };
  linkVolume: string;
  /** How often what is due is looked for; 250 to 1,000. */
  tickMs: number;
  /**
   * Who leads. A fixed name lets a restarted program go on at once instead of waiting for its own earlier lease; only where
   * something else makes sure that no two programs of that name run (a folder's lock, a container's id).
   */
  holder?: string;
  /**
   * Makes the fleet file the company's own when this process first leads, and not before: one that waits changes nothing. Without it
   * the fleet is registered already.
   */
  registersFleet?: boolean;
  /** Where the history's head and count are written down every minute, outside the database; none: nowhere. */
  anchors?: AnchorStore;
  /** How long a leader that is not heard keeps its term; who takes over waits so long. */
  leaseMs?: number;
  /** See `World`. */
  agentCrashes?: Map<string, string>;
  /** Times and counts of failures; tests make them short. */
  settings?: PlanSettings;
}

export interface Orchestrator {
  /** Ends the loops and gives the term back. Agents keep running: the next orchestrator adopts them. */
  close(): Promise<void>;
  /** Wants all agents stopped and waits until no container is left, at most `withinMs`. Returns how many are left. */
  stopFleet(withinMs?: number): Promise<number>;
  health(): { leads: boolean; lastPass: LastPass };
}

/** Starts the control loops. Everything that can be down at start (bus, engine, database) may be: the loops wait for it. */
export async function startOrchestrator(options: OrchestratorOptions): Promise<Orchestrator> {
  const { tickMs, ...given } = options;
  const base: World = { ...given, holder: given.holder ?? randomUUID(), settings: given.settings ?? settingsFor(given.fleet) };
  const { clock, log } = base;
  const trouble = complaints(log, clock);
  for (const warning of packWarnings(base.fleet)) log.warn({ warning }, "an escalation rule is not watched");
  const last: LastPass = { at: null, actions: [], containers: 0 };

  const leader = startLeader(base, trouble, {
    leaseMs: options.leaseMs ?? defaultLeaseMs,
    // Once: at a later term of this process another one may have registered a newer file meanwhile.
    atFirstTerm: async (deps) => void (options.registersFleet && (await registerFleet(deps, options.fleet))),
    onTerm: () => loops.rules.forEach((rule) => rule.ring()),
    // The net under the bells: what rang none, or one that was lost, has written its event.
    onStir: () => loops.pace.note(),
  });
  const world = ledBy(base, leader);
  const loops: ControlLoops = controlLoops(world, { leader, trouble, last, tickMs, anchors: options.anchors });
  const { pace, reconcile, rules, stops, ticker } = loops;

  const subscriptions = [
    keepSubscribed("engine events", { clock, trouble }, () =>
      world.engine.watch(world.fleet.file.company, () => reconcile.ring()),
    ),
    keepSubscribed("orchestrator channel", { clock, trouble }, () =>
      world.bus.subscribe(
        [channels.orchestrator, channels.switches],
        (channel) => {
          pace.note();
          if (channel === channels.switches) ringAll(stops, reconcile);
          else ringAll(reconcile, ticker);
        },
        () => ringAll(stops, reconcile, ticker),
      ),
    ),
    // Every change of the company is said there after its commit.
    keepSubscribed("company's changes", { clock, trouble }, () =>
      world.bus.subscribe(
        [channels.console],
        (_channel, body) => {
          if (!readConsoleBell(body).isHint) pace.note();
        },
        pace.note,
      ),
    ),
    keepSubscribed("urgent queue", { clock, trouble }, () =>
      world.bus.consumeUrgent(async (workId) => {
        if (leader.leads()) await dispatchUrgent(world, workId);
      }),
    ),
  ];

  return {
    health: () => ({ leads: leader.leads(), lastPass: last }),
    stopFleet: async (withinMs = 30_000) => {
      await stopAll(base.deps, "operator");
      return await untilNoneLeft(world, reconcile, withinMs);
    },
    close: async () => {
      await Promise.all(subscriptions.map((subscription) => subscription.close()));
      await Promise.all(rules.map((rule) => rule.close()));
      await leader.close();
    },
  };
}

/** Whatever the loops write is checked against the term in the same transaction, and containers are touched by a leader only. */
const ledBy = (base: World, leader: Leader): World => ({
  ...base,
  deps: { ...base.deps, lead: leader.lead },
  engine: leadersEngine(base.engine, leader.leads),
});

const settingsFor = ({ file }: Fleet): PlanSettings => ({
  ...planSettings,
  workersMax: spawnLimits(file).runningMax,
  workersDepthMax: spawnDepth(file),
});

const ringAll = (...loops: Loop[]): void => loops.forEach((loop) => loop.ring());

async function untilNoneLeft(world: World, reconcile: Loop, withinMs: number): Promise<number> {
  const company = world.fleet.file.company;
  const deadline = world.clock.now().getTime() + withinMs;
  for (;;) {
    reconcile.ring();
    const left = await world.engine.list(company).catch((error: unknown) => {
      world.log.warn({ error: errorText(error) }, "cannot see whether containers are left");
      return null;
    });
    if (left?.length === 0) return 0;
    if (world.clock.now().getTime() >= deadline) return left?.length ?? -1;
    await world.clock.sleep(100);
  }
}
