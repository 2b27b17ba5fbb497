import { agentsToRun } from "@aito/company";
import { applyAction } from "../apply/apply-action.ts";
import { inParallel } from "../apply/in-parallel.ts";
import type { World } from "../apply/world.ts";
import type { Action } from "../plan/action.ts";
import { makeDesiredDigests } from "./desired-digests.ts";
import { makePlanBook } from "./plan-book.ts";
import { plan } from "../plan/plan.ts";

const actionsAtOnce = 4;

/** What the last pass saw and decided: read by /metrics and by "why did nothing happen". */
export interface LastPass {
  at: Date | null;
  actions: Action[];
  containers: number;
}

/** A maker of passes; it remembers between them only what saves work. */
export function makeReconciler(world: World): (mayAct: () => boolean, last: LastPass) => Promise<boolean> {
  const desiredDigests = makeDesiredDigests(world);
  const book = makePlanBook(world);

  /**
   * One pass: look at the company and at the engine, plan, act. Returns true when it acted, so that the caller looks again at
   * once. `mayAct` is asked before each action: a process that lost its term in the middle stops there.
   */
  return async (mayAct, last) => {
    const containers = await world.engine.list(world.fleet.file.company);
    const agents = await agentsToRun(world.deps);
    const digests = await desiredDigests(agents);
    const wanted = agents.map((agent) => ({ ...agent, digest: digests.get(agent.name) ?? null }));
    const actions = plan(wanted, containers, world.clock.now(), world.settings);
    last.at = world.clock.now();
    last.actions = actions;
    last.containers = containers.length;
    world.deps.crashPoint?.("pass.planned");
    const byName = new Map(agents.map((agent) => [agent.name, agent]));
    // Steps for one agent go in order, agents go side by side.
    const perAgent = Map.groupBy(
      actions.filter((action) => action.do !== "wait"),
      (action) => action.agent,
    );
    const done = new Set<Action>();
    const errors = await inParallel([...perAgent.values()], actionsAtOnce, async (steps) => {
      for (const step of steps) if (mayAct() && (await applyAction(world, step, byName))) done.add(step);
    });
    if (mayAct()) await book(actions, done, agents);
    if (errors.length > 0) throw errors[0];
    return done.size > 0;
  };
}
