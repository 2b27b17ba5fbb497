import { monotonicMs } from "@aito/base";
import { type AgentSession, type CompanyDeps, openRunOf } from "@aito/company";
import { keepKeys, type LiveAgents } from "./live-agents.ts";

/** How long the record's word that an agent is in no run is believed: another gateway may have handed one out. */
const noRunMs = 500;

export interface OpenRun {
  id: string;
  reasons: { kind: string; ref: string | null }[];
}

/**
 * Which run an agent is in, so that receipts and usage are booked on it. The agent is not asked: it could name another's.
 * Kept in memory and read from the record when this gateway did not hand the run out itself.
 */
export interface OpenRuns {
  started(session: AgentSession, run: OpenRun): void;
  ended(session: AgentSession): void;
  current(session: AgentSession): Promise<OpenRun | null>;
  of(session: AgentSession): Promise<string | null>;
}

export function makeOpenRuns(deps: CompanyDeps, live: Pick<LiveAgents, "onSeen">): OpenRuns {
  const runs = new Map<string, { epoch: number; run: OpenRun | null; untilMs: number }>();
  live.onSeen(({ agents }) => keepKeys(runs, (agentId) => agents.has(agentId)));
  /** Calls of one agent that come together ask once. */
  const asked = new Map<string, Promise<OpenRun | null>>();
  const ask = async (session: AgentSession): Promise<OpenRun | null> => {
    const known = runs.get(session.agentId);
    const askedMs = monotonicMs();
    const run = await openRunOf(deps, session);
    // What was handed out meanwhile is newer.
    if (runs.get(session.agentId) === known) {
      runs.set(session.agentId, { epoch: session.epoch, run, untilMs: run === null ? askedMs + noRunMs : Infinity });
    }
    return run;
  };
  const askOnce = async (session: AgentSession): Promise<OpenRun | null> => {
    const key = `${session.agentId}:${session.epoch}`;
    const before = asked.get(key);
    if (before) return await before;
    const answer = ask(session).finally(() => asked.delete(key));
    asked.set(key, answer);
    return await answer;
  };
  const current: OpenRuns["current"] = async (session) => {
    const known = runs.get(session.agentId);
    const leftMs = known?.epoch === session.epoch ? known.untilMs - monotonicMs() : 0;
    if (known === undefined || leftMs <= 0) return await askOnce(session);
    // Who calls often never waits for it: it is asked for anew before its time is over.
    if (leftMs < noRunMs / 2) askOnce(session).catch(() => undefined);
    return known.run;
  };
  return {
    started: (session, run) => void runs.set(session.agentId, { epoch: session.epoch, run, untilMs: Infinity }),
    ended: (session) => void runs.delete(session.agentId),
    current,
    of: async (session) => (await current(session))?.id ?? null,
  };
}
