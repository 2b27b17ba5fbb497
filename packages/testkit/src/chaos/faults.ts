import type { CrashPointName } from "@aito/base";
import type { SeededRandom } from "../races/seeded-random.ts";
import { waitFor } from "../wait-for.ts";
import type { ChaosStack } from "./chaos-stack.ts";
import type { Fault } from "./fault.ts";
import { killAgent, working } from "./fault-outcomes.ts";
import { agentPoints, gatewayPoints, orchestratorPoints } from "./fault-points.ts";
import type { Program } from "./program.ts";
import { serviceFaults } from "./service-faults.ts";
import { agentMoments } from "./trap.ts";

const momentMsMax = 6_000;
const pointMsMax = 6_000;

const agentAtMoment: Fault = {
  name: "agent killed at a named moment",
  id: "F01",
  weight: 0,
  run: async (stack, random) => {
    const moment = random.pick(agentMoments);
    let sprung = false;
    const remove = stack.traps.set({
      moment,
      agent: null,
      spring: async (agent) => {
        sprung = true;
        await killAgent(stack, agent, `agent: ${moment}`);
      },
    });
    if (moment === "hello answered") await killAgent(stack, random.pick(stack.agents), "agent: any moment");
    await waitFor(
      () => sprung,
      (is) => is,
      momentMsMax,
    ).catch(() => undefined);
    remove();
  },
};

const agentAtAnyTime: Fault = {
  name: "agent killed at any moment",
  id: "F01",
  weight: 0,
  run: async (stack, random) => void (await killAgent(stack, random.pick(stack.agents), "agent: any moment")),
};

export const agentFaults: Fault[] = [agentAtMoment, agentAtMoment, agentAtMoment, agentAtAnyTime];

/** Kills a program, and lets its next life end by itself at a named point. */
async function crashAt(
  stack: ChaosStack,
  program: Program,
  point: CrashPointName,
  options: { times: number; help?: () => Promise<void> },
): Promise<void> {
  const before = program.exits.length;
  const since = Date.now();
  program.signal("SIGKILL", { AITO_CRASH_AT: `${point}:${options.times}` });
  stack.ledger.add({ kind: "fault", fault: `${program.name}: any moment`, target: program.name, kills: 1 });
  await options.help?.();
  const reached = await waitFor(
    () => program.exits.length > before + 1,
    (is) => is,
    pointMsMax,
  ).catch(() => false);
  if (reached) stack.ledger.add({ kind: "fault", fault: `${program.name}: ${point}`, target: program.name, kills: 1 });
  await working(stack, `${program.name} killed`, since);
}

const timesOf = (point: CrashPointName, random: SeededRandom): number =>
  1 + random.below(point.startsWith("commit") || point.startsWith("deliver") ? 30 : 4);

/** What befalls the control plane and the services. Agents are killed beside it, all the time. */
export const otherFaults = (random: SeededRandom): Fault[] => [...programFaults(random), ...serviceFaults];

/** Each item once, in an order of the seed's choice, and again from the start. */
function inTurns<T>(items: readonly T[], random: SeededRandom): () => T {
  let left: T[] = [];
  return () => {
    if (left.length === 0) left = random.shuffle(items);
    return left.pop()!;
  };
}

const programFaults = (order: SeededRandom): Fault[] => {
  const gatewayPoint = inTurns(gatewayPoints, order);
  const orchestratorPoint = inTurns(orchestratorPoints, order);
  const agentPoint = inTurns(agentPoints, order);
  return [
    {
      name: "gateway at a crash point",
      id: "F11",
      weight: 14,
      run: async (stack, random) => {
        const point = gatewayPoint();
        const help = point.startsWith("hello")
          ? async () => void (await killAgent(stack, random.pick(stack.agents), "agent: any moment"))
          : undefined;
        await crashAt(stack, stack.gateway, point, { times: timesOf(point, random), ...(help ? { help } : {}) });
      },
    },
    {
      name: "orchestrator at a crash point",
      id: "F02",
      weight: 20,
      run: async (stack, random) => {
        const point = orchestratorPoint();
        // Something must need it: an agent that has to be started, or lost, or removed.
        const help = async (): Promise<void> => void (await killAgent(stack, random.pick(stack.agents), "agent: any moment"));
        await crashAt(stack, stack.orchestrator, point, { times: point.startsWith("start.") ? 1 : timesOf(point, random), help });
      },
    },
    {
      name: "agent at its own crash point",
      id: "F01",
      weight: 4,
      run: async (stack, random) => {
        const agent = random.pick(stack.agents);
        const epoch = Math.max(
          0,
          ...stack.ledger
            .of("hello")
            .filter((entry) => entry.agent === agent)
            .map((entry) => entry.epoch),
        );
        const point = agentPoint();
        stack.orchestrator.signal("SIGKILL", { AITO_AGENT_CRASH_AT: `${agent}#${epoch + 1}=${point}` });
        stack.ledger.add({ kind: "fault", fault: "orchestrator: any moment", target: "orchestrator", kills: 1 });
        await killAgent(stack, agent, "agent: any moment");
        await waitFor(
          () => stack.ledger.of("hello").some((entry) => entry.agent === agent && entry.epoch > epoch),
          (is) => is,
          15_000,
        ).catch(() => undefined);
        stack.ledger.add({ kind: "fault", fault: `agent: ${point} inside`, target: agent, kills: 0 });
      },
    },
  ];
};
