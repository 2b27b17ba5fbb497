import { type DesiredAgent, recordPlans } from "@aito/company";
import type { World } from "../apply/world.ts";
import type { Action } from "../plan/action.ts";

/**
 * Writes down what was planned and done for each agent, so that "why" can be answered by another program and after a restart. Only
 * what changed is written: an idle company writes nothing.
 */
export function makePlanBook(world: World): (actions: Action[], done: Set<Action>, agents: DesiredAgent[]) => Promise<void> {
  const written = new Map<string, string>();
  return async (actions, done, agents) => {
    const ids = new Map(agents.map((agent) => [agent.name, agent.id]));
    // Of several steps for one agent the one that was carried out, else the first, is what is said.
    const said = new Map<string, { action: Action; acted: boolean }>();
    for (const action of actions) {
      const acted = done.has(action);
      if (ids.has(action.agent) && (!said.has(action.agent) || acted)) said.set(action.agent, { action, acted });
    }
    const news = [...said].filter(([name, { action, acted }]) => acted || written.get(name) !== `${action.do} ${action.why}`);
    await recordPlans(
      world.deps,
      news.map(([name, { action, acted }]) => ({ agentId: ids.get(name)!, do: action.do, why: action.why, acted })),
    );
    for (const name of written.keys()) if (!ids.has(name)) written.delete(name);
    for (const [name, { action }] of news) written.set(name, `${action.do} ${action.why}`);
  };
}
