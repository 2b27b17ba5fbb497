import type { Clock, CrashPoint, Logger } from "@aito/base";
import { runAgent } from "@aito/agent";
import { bellOver, type Bus } from "@aito/bus";
import { type Engine, inlineEngine } from "@aito/engine";
import { channels, StdinLine } from "@aito/protocol";

/** The engine of embedded mode: each "container" is an agent's loop in this process, started with the same stdin line. */
export function inlineAgents(options: {
  bus: Bus;
  clock: Clock;
  log: Logger;
  socketPath: string;
  crashPoint?: CrashPoint;
}): Engine {
  const { bus, clock, socketPath } = options;
  return inlineEngine({
    clock,
    log: options.log,
    run: async (spec, stdinLine, signal) =>
      await runAgent({
        gateway: { socketPath },
        stdin: StdinLine.parse(JSON.parse(stdinLine)),
        makeBell: (hello) => bellOver(bus, hello.redis?.channels ?? [channels.broadcast, channels.agent(spec.agent)]),
        log: options.log,
        clock,
        signal,
        tmp: null,
        crashPoint: options.crashPoint,
      }),
  });
}
