import { agentsToRun } from "@aito/company";
import { applyAction } from "../apply/apply-action.ts";
import { inParallel } from "../apply/in-parallel.ts";
import type { World } from "../apply/world.ts";
import type { Action } from "../plan/action.ts";
import { plan } from "../plan/plan.ts";

const actionsAtOnce = 4;

/** What the last pass saw and decided: read by /metrics and by "why did nothing happen". */
export interface LastPass {
  at: Date | null;
  actions: Action[];
  containers: number;
}

/**
 * One pass: look at the company and at the engine, plan, act. Returns true when it acted, so that the caller looks again at
 * once. `mayAct` is asked before each action: a process that lost its term in the middle stops there.
 */
export async function reconcileOnce(world: World, mayAct: () => boolean, last: LastPass): Promise<boolean> {
  const containers = await world.engine.list(world.fleet.file.company);
  const agents = await agentsToRun(world.deps);
  const actions = plan(agents, containers, world.clock.now(), world.settings);
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
  let acted = false;
  const errors = await inParallel([...perAgent.values()], actionsAtOnce, async (steps) => {
    for (const step of steps) {
      if (mayAct() && (await applyAction(world, step, byName))) acted = true;
    }
  });
  if (errors.length > 0) throw errors[0];
  return acted;
}
