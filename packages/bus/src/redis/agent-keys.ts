import type { Clock } from "@aito/base";
import { AgentStatusHash, keys } from "@aito/protocol";
import type { Redis } from "ioredis";
import { type Bus, commandMsMax } from "../bus.ts";
import { lockScript, setStatusesScript, takeTokenScript, unlockScript } from "./atomic-scripts.ts";
import { within } from "./redis-connection.ts";

type KeyPart = Pick<Bus, "setStatus" | "setStatuses" | "getStatus" | "clearStatus" | "takeToken" | "tryLock" | "unlock">;

const fields = AgentStatusHash.keyof().options;

/** Status, rate limit and locks: plain keys, each changed by one atomic command. */
export function agentKeys(client: Redis, clock: Clock): KeyPart {
  const command = <T>(doing: string, run: () => Promise<T>): Promise<T> => within(clock, commandMsMax, doing, run());
  const setStatuses: Bus["setStatuses"] = (statuses, ttlMs) =>
    command("set a status", async () => {
      if (statuses.size === 0) return;
      const names = [...statuses.keys()].map((agent) => keys.agentStatus(agent));
      const words = [...statuses.values()].flatMap((status) => fields.flatMap((field) => [field, String(status[field])]));
      await client.eval(setStatusesScript, names.length, ...names, ttlMs, fields.length * 2, ...words);
    });
  return {
    setStatuses,
    setStatus: (agent, status, ttlMs) => setStatuses(new Map([[agent, status]]), ttlMs),
    getStatus: (agent) =>
      command("read a status", async () => AgentStatusHash.safeParse(await client.hgetall(keys.agentStatus(agent))).data ?? null),
    clearStatus: (agent) => command("clear a status", async () => void (await client.del(keys.agentStatus(agent)))),
    takeToken: (agent, { capacity, perSecond, count = 1 }) =>
      command("take a token", async () => {
        const answer = Number(await client.eval(takeTokenScript, 1, keys.rateLimit(agent), capacity, perSecond, count));
        return answer > 0 ? { ok: true as const, taken: answer } : { ok: false as const, retryAfterMs: -answer };
      }),
    tryLock: (key, owner, ttlMs) =>
      command("take a lock", async () => (await client.eval(lockScript, 1, key, owner, ttlMs)) === 1),
    unlock: (key, owner) => command("free a lock", async () => void (await client.eval(unlockScript, 1, key, owner))),
  };
}
