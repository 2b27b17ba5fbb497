/**
 * The moments at which an agent can be killed, as they are seen from outside: the link shows its requests, the model its questions.
 * Whoever passes a moment waits until the kill is done, so that nothing after that moment can have happened.
 */
export const agentMoments = [
  "hello answered",
  "run handed over",
  "context answered",
  "model asked",
  "model answered",
  "tool sent",
  "tool arrived",
  "effect done",
  "report sent",
  "report answered",
] as const;
export type AgentMoment = (typeof agentMoments)[number];

interface Trap {
  moment: AgentMoment;
  agent: string | null;
  spring: (agent: string) => Promise<void>;
}

export interface Traps {
  /** Springs once, at the next such moment of the agent, or of any (`agent` null). Returns a way to take it away. */
  set(trap: Trap): () => void;
  /** True when something sprang. */
  pass(moment: AgentMoment, agent: string): Promise<boolean>;
}

export function makeTraps(): Traps {
  const traps = new Set<Trap>();
  return {
    set: (trap) => {
      traps.add(trap);
      return () => void traps.delete(trap);
    },
    pass: async (moment, agent) => {
      const sprung = [...traps].find((trap) => trap.moment === moment && (trap.agent === null || trap.agent === agent));
      if (!sprung) return false;
      traps.delete(sprung);
      await sprung.spring(agent);
      return true;
    },
  };
}
