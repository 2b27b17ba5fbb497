import { type AgentSession, type CompanyDeps, listRuns } from "@aito/company";

/**
 * Which run an agent is in, so that receipts and usage are booked on it. The agent is not asked: it could name another's.
 * Kept in memory and read from the record when this gateway did not hand the run out itself.
 */
export interface OpenRuns {
  started(session: AgentSession, run: string): void;
  ended(session: AgentSession): void;
  of(session: AgentSession): Promise<string | null>;
}

export function makeOpenRuns(deps: CompanyDeps): OpenRuns {
  const runs = new Map<string, { epoch: number; run: string | null }>();
  return {
    started: (session, run) => void runs.set(session.agentId, { epoch: session.epoch, run }),
    ended: (session) => void runs.delete(session.agentId),
    of: async (session) => {
      const known = runs.get(session.agentId);
      if (known?.epoch === session.epoch) return known.run;
      const [last] = await listRuns(deps, { agent: session.agent, limit: 1 });
      const run = last?.epoch === session.epoch && last.status === "running" ? last.id : null;
      if (run !== null) runs.set(session.agentId, { epoch: session.epoch, run });
      return run;
    },
  };
}
