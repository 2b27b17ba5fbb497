import type { Clock } from "@aito/base";
import { type AgentStatusHash, keys } from "@aito/protocol";
import type { TokenAnswer } from "../bus.ts";

/** Status, rate limits and locks of the memory bus, which run out by the clock. */
export interface MemoryKeys {
  setStatus(agent: string, status: AgentStatusHash, ttlMs: number): void;
  getStatus(agent: string): AgentStatusHash | null;
  clearStatus(agent: string): void;
  takeToken(agent: string, bucket: { capacity: number; perSecond: number; count?: number }): TokenAnswer;
  tryLock(key: string, owner: string, ttlMs: number): boolean;
  unlock(key: string, owner: string): void;
  forget(agent: string): void;
}

export function memoryKeys(clock: Clock): MemoryKeys {
  const now = (): number => clock.now().getTime();
  const statuses = new Map<string, { status: AgentStatusHash; until: number }>();
  const buckets = new Map<string, { tokens: number; at: number }>();
  const locks = new Map<string, { owner: string; until: number }>();
  return {
    setStatus: (agent, status, ttlMs) => void statuses.set(agent, { status: { ...status }, until: now() + ttlMs }),
    getStatus: (agent) => {
      const found = statuses.get(agent);
      return found && found.until > now() ? { ...found.status } : null;
    },
    clearStatus: (agent) => void statuses.delete(agent),
    takeToken: (agent, { capacity, perSecond, count = 1 }) => {
      const bucket = buckets.get(agent) ?? { tokens: capacity, at: now() };
      bucket.tokens = Math.min(capacity, bucket.tokens + (Math.max(0, now() - bucket.at) * perSecond) / 1_000);
      bucket.at = now();
      buckets.set(agent, bucket);
      if (bucket.tokens < 1) return { ok: false, retryAfterMs: Math.ceil(((1 - bucket.tokens) * 1_000) / perSecond) };
      const taken = Math.min(Math.floor(bucket.tokens), count);
      bucket.tokens -= taken;
      return { ok: true, taken };
    },
    tryLock: (key, owner, ttlMs) => {
      const held = locks.get(key);
      if (held && held.owner !== owner && held.until > now()) return false;
      locks.set(key, { owner, until: now() + ttlMs });
      return true;
    },
    unlock: (key, owner) => {
      if (locks.get(key)?.owner === owner) locks.delete(key);
    },
    forget: (agent) => {
      statuses.delete(agent);
      buckets.delete(agent);
      locks.delete(keys.containerLock(agent));
    },
  };
}
