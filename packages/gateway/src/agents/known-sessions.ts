import type { KeyObject } from "node:crypto";
import { readProofKey } from "@aito/base";
import type { AgentSession, SessionStamp } from "@aito/company";
import { keepKeys, type LiveAgents } from "./live-agents.ts";

const knownMax = 2_000;

/** Sessions as they were when the record was last asked, so that a call that tells only what a later question lets through need not ask first. */
export interface KnownSessions {
  /** As one that nobody has asked about this time; null: it must be asked. */
  of(sessionHash: string): AgentSession | null;
  /** `stamp` null: it must be asked each time. */
  remember(sessionHash: string, known: { session: AgentSession; stamp: SessionStamp | null }): void;
  /** It is over, or not as it was. */
  forget(sessionHash: string): void;
  /** The key that this text is: reading one costs as much as checking what it signed. Null for a text that is none. */
  proofKey(publicKey: string): KeyObject | null;
}

export function makeKnownSessions(live: Pick<LiveAgents, "onSeen">): KnownSessions {
  const sessions = new Map<string, AgentSession>();
  const keys = new Map<string, KeyObject>();
  const forget = (sessionHash: string): void => {
    const before = sessions.get(sessionHash);
    sessions.delete(sessionHash);
    if (before?.containerKey) keys.delete(before.containerKey);
  };
  const forgetEarlier = ({ agentId, epoch }: AgentSession): void => {
    for (const [hash, known] of sessions) if (known.agentId === agentId && known.epoch < epoch) forget(hash);
  };
  live.onSeen((standing) => {
    keepKeys(sessions, (hash) => standing.sessions.has(hash));
    const used = new Set([...sessions.values()].map(({ containerKey }) => containerKey));
    keepKeys(keys, (key) => used.has(key));
  });
  return {
    of: (sessionHash) => sessions.get(sessionHash) ?? null,
    remember: (sessionHash, { session, stamp }) => {
      if (!stamp) return forget(sessionHash);
      if (!sessions.has(sessionHash)) {
        forgetEarlier(session);
        if (sessions.size >= knownMax) forget(sessions.keys().next().value!);
      }
      sessions.set(sessionHash, { ...session, unasked: stamp });
    },
    forget,
    proofKey: (publicKey) => {
      const before = keys.get(publicKey);
      if (before) return before;
      const key = readProofKey(publicKey);
      if (keys.size >= knownMax) keys.delete(keys.keys().next().value!);
      if (key) keys.set(publicKey, key);
      return key;
    },
  };
}
