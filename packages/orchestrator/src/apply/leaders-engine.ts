import { AitoError } from "@aito/base";
import type { Engine } from "@aito/engine";

/**
 * The engine in the hands of a leader. SQL refuses what a process writes under a term that has passed to another, but the engine
 * knows no terms: so each step that changes something asks `leads` right before it, with a clock that goes on while a process is
 * stopped. What a leader that wakes up had planned, or had begun, ends there. Looking is always allowed. Error: AITO_TERM_LOST.
 */
export function leadersEngine(engine: Engine, leads: () => boolean): Engine {
  const asLeader = (): void => {
    if (leads()) return;
    throw new AitoError("AITO_TERM_LOST", "this orchestrator does not lead the company any more: it touches no container", {
      hint: "another one does; this one waits for its turn",
      fate: "retry",
      status: 409,
    });
  };
  return {
    ...engine,
    start: async (spec, stdinLine) => await engine.start(spec, stdinLine, asLeader),
    kill: async (id) => {
      asLeader();
      await engine.kill(id);
    },
    sweep: async (company) => {
      asLeader();
      return await engine.sweep(company);
    },
    remove: async (id) => {
      asLeader();
      await engine.remove(id);
    },
  };
}
