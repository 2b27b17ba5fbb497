import { togetherMs } from "@aito/base";
import type { complaints } from "./complaints.ts";
import { anchorChain, type AnchorStore, nextDue, sealEvents } from "@aito/company";
import type { World } from "../apply/world.ts";
import { killStopped } from "./kill-stopped.ts";
import type { Leader } from "./leader.ts";
import { makePace, type Pace, restMsMax } from "./pace.ts";
import { type LastPass, makeReconciler } from "./reconcile.ts";
import { type Loop, startLoop } from "./start-loop.ts";
import { makeTicker } from "./ticker.ts";
import { makeUpkeep } from "./upkeep.ts";

const reconcileEveryMs = 1_000;
const sealEveryMs = 200;
const anchorEveryMs = 60_000;
const upkeepEveryMs = 2_000;
/** How late a press is seen without its bell; with containers to kill it must end within the promised two seconds. */
const stopsEveryMs = 500;

/**
 * The same while the company rests. What happens rings a bell that ends the rest; where that is lost, the leader's next renewal of its term
 * sees that something has happened. An engine's event that is lost is seen by the next look.
 */
const restMs = { reconcile: 12_500, seal: 60_000, stops: 25_000, upkeep: 10_000 } as const;
/**
 * All that can be due is asked for this often in a company that rests; in between only whether anything is. What that question leaves out
 * is not for the minute: old recordings, alerts that end by themselves, what is odd in a day's figures, a worker over its time that sleeps.
 */
const dueEveryMs = 300_000;

export interface ControlLoops {
  pace: Pace;
  /** All of them. */
  rules: Loop[];
  reconcile: Loop;
  ticker: Loop;
  stops: Loop;
}

/** The loops of the one who leads, each at the pace of the company. */
export function controlLoops(
  world: World,
  given: {
    leader: Leader;
    trouble: ReturnType<typeof complaints>;
    last: LastPass;
    tickMs: number;
    anchors: AnchorStore | undefined;
  },
): ControlLoops {
  const { clock } = world;
  const { leader, trouble, last, tickMs, anchors } = given;
  const asLeader = (name: string, everyMs: () => number, run: () => Promise<void>): Loop =>
    startLoop({
      everyMs,
      clock,
      onError: (error) => trouble.failed(name, error),
      run: async () => {
        if (!leader.leads()) return;
        await run();
        trouble.worked(name);
      },
    });

  const pace = makePace(clock, () => rules.forEach((rule) => rule.ring()));
  const tick = makeTicker(world, trouble);
  let tickedAt: number | null = null;
  const keepUp = makeUpkeep(world);
  const reconciler = makeReconciler(world, () => passes.ring());
  const passes = asLeader(
    "reconciler",
    () => togetherMs(pace.everyMs(reconcileEveryMs, restMs.reconcile)),
    () => reconciler.pass(leader.leads, last),
  );
  const reconcile = withRest(passes, reconciler.atRest);
  const ticker = asLeader(
    "ticker",
    () => pace.askMs(tickMs),
    async () => {
      const now = clock.now().getTime();
      const rests = tickedAt !== null && pace.isQuiet() && (await restIfIdle(world, pace));
      if (rests && Math.abs(now - tickedAt!) < dueEveryMs) return;
      tickedAt = now;
      // What is only asked for once in a while keeps nobody else awake: whatever it finds rings.
      if (!rests) pace.over();
      await tick(leader.leads);
      if (!rests && pace.isQuiet()) await restIfIdle(world, pace);
    },
  );
  const sealer = asLeader(
    "sealer",
    () => togetherMs(pace.everyMs(sealEveryMs, restMs.seal)),
    async () => void (await sealEvents(world.deps)),
  );
  const anchor = asLeader(
    "anchor",
    () => togetherMs(anchorEveryMs),
    async () => void (anchors && (await anchorChain(world.deps, anchors))),
  );
  const upkeep = asLeader(
    "upkeep",
    () => togetherMs(pace.everyMs(upkeepEveryMs, restMs.upkeep)),
    () => keepUp(leader.leads, pace),
  );
  const stops = asLeader(
    "kill switches",
    () => togetherMs(pace.everyMs(stopsEveryMs, restMs.stops)),
    async () => void ((await killStopped(world, leader.leads)) > 0 && reconcile.ring()),
  );
  const rules: Loop[] = [stops, reconcile, ticker, sealer, anchor, upkeep];
  return { pace, rules, reconcile, ticker, stops };
}

/** A loop whose passes begin what goes on after them: it has ended when that has. */
const withRest = (loop: Loop, atRest: () => Promise<void>): Loop => ({
  ring: loop.ring,
  close: async () => {
    await loop.close();
    await atRest();
  },
});

/** False when something is due, or under way. */
async function restIfIdle(world: World, pace: Pace): Promise<boolean> {
  const longest = new Date(world.clock.now().getTime() + togetherMs(restMsMax));
  const until = await nextDue(world.deps, longest, world.settings.headHeardWithinMs);
  // A bell that rang while the question was asked counts.
  if (until === null || until <= world.clock.now() || !pace.isQuiet()) return false;
  pace.rest(until);
  return true;
}
