import { AitoError, type Clock } from "@aito/base";
import type { AgentSession } from "@aito/company";
import type { LiveAgents } from "./live-agents.ts";

/** Requests of one session that are worked on at a time; the next ones wait their turn, unread. */
export const underWayMax = 16;
/** The same of what an agent's program asks for itself, one thing after another: its run's context and report, its log, its heartbeats. */
export const ownUnderWayMax = 2;
/** A container cannot hold nearly as many connections. */
export const waitingMax = 256;
/** A refused request keeps its place for this long after its answer: whoever floods is answered seldom, and everybody else as ever. */
export const refusedMs = 250;
const knownMax = 2_000;
/** So many rounds of looking who stands an ended session is still known, five minutes: its container may be about to be killed until then. */
export const endedRounds = 20;

export interface Place {
  /** What was asked is refused: the place is taken a while longer than the answer. */
  refused(): void;
  /** The answer is over. */
  leave(): void;
}

/**
 * Keeps one sender from standing in everybody's way: each session has a few places at the gateway, and all who are not known yet share as
 * many. Nothing is read, looked up or parsed of a request that waits for one.
 */
export interface Lanes {
  /** The session was authenticated. */
  know(sessionHash: string, session: AgentSession): void;
  /** Whose it is; null: a stranger's. */
  sessionOf(sessionHash: string): AgentSession | null;
  isKnown(sessionHash: string): boolean;
  /** Waits for one of the lane's `places`. Errors: AITO_AGENT_FLOOD (429) when too many wait already, or what `gone` says when the client has gone. */
  enter(lane: string, gone: AbortSignal, places?: number): Promise<Place>;
}

interface Lane {
  taken: number;
  waiting: Set<() => void>;
}

export function makeLanes(clock: Pick<Clock, "after">, live: Pick<LiveAgents, "onSeen">, heldMs: number = refusedMs): Lanes {
  const known = new Map<string, { session: AgentSession; missed: number }>();
  const lanes = new Map<string, Lane>();

  const free = (name: string, lane: Lane): void => {
    const next = lane.waiting.values().next();
    if (!next.done) {
      lane.waiting.delete(next.value);
      return next.value();
    }
    lane.taken -= 1;
    if (lane.taken === 0) lanes.delete(name);
  };
  const placeIn = (name: string, lane: Lane): Place => {
    let [left, isRefused] = [false, false];
    return {
      refused: () => {
        isRefused = true;
      },
      leave: () => {
        if (left) return;
        left = true;
        if (isRefused) clock.after(heldMs, () => free(name, lane));
        else free(name, lane);
      },
    };
  };

  // Whoever is killed must not stand among strangers meanwhile, so the ended are let go later than elsewhere.
  live.onSeen(({ sessions }) => {
    for (const [hash, one] of known) {
      one.missed = sessions.has(hash) ? 0 : one.missed + 1;
      if (one.missed > endedRounds) known.delete(hash);
    }
  });

  return {
    know: (sessionHash, session) => {
      if (!known.has(sessionHash) && known.size >= knownMax) known.delete(known.keys().next().value!);
      known.set(sessionHash, { session, missed: 0 });
    },
    sessionOf: (sessionHash) => known.get(sessionHash)?.session ?? null,
    isKnown: (sessionHash) => known.has(sessionHash),
    enter: async (name, gone, places = underWayMax) => {
      gone.throwIfAborted();
      const lane = lanes.get(name) ?? { taken: 0, waiting: new Set() };
      if (lane.taken < places) {
        lane.taken += 1;
        lanes.set(name, lane);
        return placeIn(name, lane);
      }
      if (lane.waiting.size >= waitingMax) {
        throw new AitoError("AITO_AGENT_FLOOD", `${waitingMax} requests of this session wait already`, {
          hint: "wait for answers before you ask more",
          fate: "retry",
          status: 429,
        });
      }
      await new Promise<void>((resolve, reject) => {
        const stop = (): void => {
          lane.waiting.delete(turn);
          reject(gone.reason);
        };
        const turn = (): void => {
          gone.removeEventListener("abort", stop);
          resolve();
        };
        lane.waiting.add(turn);
        gone.addEventListener("abort", stop, { once: true });
      });
      return placeIn(name, lane);
    },
  };
}
