import { agentsToRun, type DesiredAgent } from "@aito/company";
import { applyAction } from "../apply/apply-action.ts";
import type { World } from "../apply/world.ts";
import type { Action } from "../plan/action.ts";
import { plan } from "../plan/plan.ts";
import { hasRoom, type Step } from "../plan/room.ts";
import { type Watch, watchOn } from "../plan/silence.ts";
import { makeDesiredDigests } from "./desired-digests.ts";
import { makePlanBook } from "./plan-book.ts";

/** What the last pass saw and decided: read by /metrics and by "why did nothing happen". */
export interface LastPass {
  at: Date | null;
  actions: Action[];
  containers: number;
}

export interface Reconciler {
  /**
   * One pass: look at the company and at the engine, plan, begin to act. It does not wait for the steps: an agent that takes long to
   * start keeps no other one waiting. `mayAct` is asked before each step: a process that lost its term in the middle stops there.
   * Throws what a step that ended since the last pass threw.
   */
  pass(mayAct: () => boolean, last: LastPass): Promise<void>;
  /** Resolves when no step is under way. */
  atRest(): Promise<void>;
}

/** `onDone` is called when something was done for an agent: the world has changed, so that it is time for another pass. */
export function makeReconciler(world: World, onDone: () => void): Reconciler {
  const desiredDigests = makeDesiredDigests(world);
  const book = makePlanBook(world);
  const busy = new Map<string, Step & { over: Promise<void> }>();
  const errors: unknown[] = [];
  let watch: Watch | null = null;

  /** The steps for one agent, in order. True when something was done. */
  const carryOut = async (steps: Action[], agents: Map<string, DesiredAgent>, mayAct: () => boolean): Promise<boolean> => {
    const done = new Set<Action>();
    try {
      for (const step of steps) if (mayAct() && (await applyAction(world, step, agents))) done.add(step);
    } finally {
      if (mayAct()) await book(steps, done, [...agents.values()]);
    }
    return done.size > 0;
  };

  /** Nothing happens where there is no room: it is planned again. */
  const begin = (steps: Action[], agents: Map<string, DesiredAgent>, mayAct: () => boolean): void => {
    const { agent } = steps[0]!;
    // Of a container that belongs to nobody any more, nobody knows whose it was.
    const step: Step = { begins: steps.some(({ do: does }) => does === "start"), kind: agents.get(agent)?.kind ?? "worker" };
    if (!hasRoom(step, [...busy.values()])) return;
    const over = carryOut(steps, agents, mayAct)
      .catch((error: unknown) => void errors.push(error))
      .then((acted) => {
        busy.delete(agent);
        // What failed, or could not be done yet, is tried again at the loop's own pace.
        if (acted === true) onDone();
      });
    busy.set(agent, { ...step, over });
  };

  return {
    pass: async (mayAct, last) => {
      // Whoever has a step under way now may be seen in the middle of it.
      const blurred = new Set(busy.keys());
      const containers = await world.engine.list(world.fleet.file.company);
      const agents = await agentsToRun(world.deps);
      const digests = await desiredDigests(agents);
      const wanted = agents.map((agent) => ({ ...agent, digest: digests.get(agent.name) ?? null }));
      const now = world.clock.now();
      watch = watchOn(watch, { agents: wanted, containers }, now, world.settings);
      const actions = plan(wanted, containers, now, world.settings, blurred, watch);
      last.at = now;
      last.actions = actions;
      last.containers = containers.length;
      world.deps.crashPoint?.("pass.planned");
      const byName = new Map(agents.map((agent) => [agent.name, agent]));
      const waits = actions.filter((action) => action.do === "wait");
      const perAgent = Map.groupBy(
        actions.filter((action) => action.do !== "wait"),
        (action) => action.agent,
      );
      const isStart = (steps: Action[]): number => Number(steps.some((step) => step.do === "start"));
      for (const steps of [...perAgent.values()].toSorted((a, b) => isStart(a) - isStart(b))) {
        begin(steps, byName, mayAct);
      }
      if (mayAct()) await book(waits, new Set(), agents);
      if (errors.length > 0) throw errors.splice(0)[0];
    },
    atRest: async () => {
      while (busy.size > 0) await Promise.all([...busy.values()].map(({ over }) => over));
    },
  };
}
