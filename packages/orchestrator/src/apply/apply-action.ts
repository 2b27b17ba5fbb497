import { errorText, whileAbout } from "@aito/base";
import { attachContainer, type DesiredAgent, incarnationLost, keepIncarnation, replaceIncarnation } from "@aito/company";
import type { Action } from "../plan/action.ts";
import { dropBusUser } from "./drop-bus-user.ts";
import { startAgent } from "./start-agent.ts";
import type { World } from "./world.ts";

const logTailLines = 50;

/**
 * Performs one planned step and makes no choice. Throws what the engine or the database throws; the next pass plans again. False
 * when nothing could be done now.
 */
export const applyAction = (world: World, action: Action, agents: Map<string, DesiredAgent>): Promise<boolean> =>
  whileAbout({ agent: action.agent, ...("epoch" in action ? { epoch: action.epoch } : {}) }, () =>
    perform(world, action, agents),
  );

async function perform(world: World, action: Action, agents: Map<string, DesiredAgent>): Promise<boolean> {
  const { deps, engine, log } = world;
  switch (action.do) {
    case "wait":
      return false;
    case "start":
      return await startAgent(world, agents.get(action.agent)!);
    case "adopt":
      await attachContainer(deps, { agent: action.agent, epoch: action.epoch, containerId: action.containerId });
      log.info({ agent: action.agent, epoch: action.epoch, container: action.containerId }, "running container adopted");
      return true;
    case "remove":
      await engine.kill(action.containerId);
      deps.crashPoint?.("remove.after_kill");
      await engine.remove(action.containerId);
      log.info({ agent: action.agent, epoch: action.epoch, container: action.containerId, why: action.why }, "container removed");
      return true;
    case "lose":
      await loseIncarnation(world, action);
      return true;
    case "replace": {
      const { agent, epoch, digest, why } = action;
      if (!(await replaceIncarnation(deps, { agent, epoch, digest, reason: why }))) return false;
      await engine.kill(action.containerId);
      await engine.remove(action.containerId);
      await dropBusUser(world, action.agent, action.epoch);
      log.info({ agent: action.agent, epoch: action.epoch, why: action.why }, "agent replaced");
      return true;
    }
    case "keep":
      return await keepIncarnation(deps, { agent: action.agent, epoch: action.epoch, reason: action.why });
    case "retire":
      deps.crashPoint?.("retire.before_record");
      await incarnationLost(deps, {
        agent: action.agent,
        epoch: action.epoch,
        reason: action.why,
        retryAt: null,
        failures: 0,
        unbegun: 0,
        wanted: false,
      });
      await dropBusUser(world, action.agent, action.epoch);
      void world.bus.forgetAgent(action.agent).catch(() => undefined);
      log.info({ agent: action.agent, epoch: action.epoch, why: action.why }, "agent stopped");
      return true;
    default:
      return action satisfies never;
  }
}

/** The container is killed before its end is written down: after that nobody acts under this epoch any more. */
async function loseIncarnation(world: World, action: Extract<Action, { do: "lose" }>): Promise<void> {
  const { containerId } = action;
  let logTail = "";
  if (containerId !== null) {
    logTail = await world.engine.logs(containerId, logTailLines).catch((error: unknown) => `(no log: ${errorText(error)})`);
    await world.engine.kill(containerId);
    world.deps.crashPoint?.("lose.after_kill");
  }
  await incarnationLost(world.deps, {
    agent: action.agent,
    epoch: action.epoch,
    reason: action.why,
    retryAt: action.retryAt,
    failures: action.failures,
    unbegun: action.unbegun,
    wanted: true,
    outside: action.outside,
    cause: action.cause,
    livedWell: action.livedWell,
    logTail,
  });
  world.deps.crashPoint?.("lose.after_record");
  // Its name is needed for the next incarnation. What cannot be removed now is found by the next pass.
  const removed = containerId === null ? undefined : world.engine.remove(containerId);
  await Promise.all([dropBusUser(world, action.agent, action.epoch), removed]);
  // For whoever watches the bus: nobody waits for it.
  void world.bus.clearStatus(action.agent).catch(() => undefined);
  world.log.warn({ agent: action.agent, epoch: action.epoch, why: action.why }, "agent lost");
}
