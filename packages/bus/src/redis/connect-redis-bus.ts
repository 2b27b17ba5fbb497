import type { Clock, Logger } from "@aito/base";
import { AgentStatusHash, keys } from "@aito/protocol";
import { Redis } from "ioredis";
import { type Bus, commandMsMax } from "../bus.ts";
import { deleteAgentUser, listAgentUsers, setAgentUser } from "./agent-users.ts";
import { lockScript, setStatusScript, takeTokenScript, unlockScript } from "./atomic-scripts.ts";
import { queuesOver } from "./queues.ts";
import { boundedReport, connectionOptions, parseRedisUrl, waitUntilReady, watchConnection, within } from "./redis-connection.ts";
import { type Subscriptions, subscriptionsOver } from "./subscriptions.ts";

const startMsMax = 5_000;

/**
 * Opens the bus on a Redis 7 or newer. Throws AITO_BUS_UNAVAILABLE or AITO_BUS_REFUSED (both fate human) when it cannot be
 * reached at start; afterwards every call fails within `commandMsMax` while Redis is away, and works again once it is back.
 */
export async function connectRedisBus(options: { url: string; log: Logger; clock: Clock }): Promise<Bus> {
  const { clock, log } = options;
  const address = parseRedisUrl(options.url);
  const client = new Redis({
    ...address,
    ...connectionOptions(),
    commandTimeout: commandMsMax,
    // While Redis is away a call fails at once: what is queued here would be late, and the database knows it anyway.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
  });
  client.on("error", boundedReport(log, clock, "the Redis connection failed"));
  try {
    await waitUntilReady(client, clock, startMsMax);
  } catch (error) {
    client.disconnect();
    throw error;
  }
  const stopWatching = watchConnection(client, clock);
  const { forgetHints, close: closeQueues, ...queues } = queuesOver(client, address, options);
  let listening: Promise<Subscriptions> | undefined;
  let closing: Promise<void> | undefined;

  const command = <T>(doing: string, run: () => Promise<T>): Promise<T> => within(clock, commandMsMax, doing, run());

  const openSubscriptions = async (): Promise<Subscriptions> => {
    const subscriber = new Redis({ ...address, ...connectionOptions(), enableReadyCheck: false });
    const subscriptions = subscriptionsOver(subscriber, options);
    await waitUntilReady(subscriber, clock, commandMsMax).catch(() => undefined);
    return subscriptions;
  };

  return {
    kind: "redis",
    ...queues,
    publish: (channel, body) => command("publish", async () => void (await client.publish(channel, body))),
    subscribe: async (channels, onMessage, onReconnect) => {
      listening ??= openSubscriptions();
      return await (await listening).add(channels, onMessage, onReconnect);
    },
    setStatus: (agent, status, ttlMs) =>
      command("set a status", async () => {
        const fields = Object.entries(status).flatMap(([field, value]) => [field, String(value)]);
        await client.eval(setStatusScript, 1, keys.agentStatus(agent), ttlMs, ...fields);
      }),
    getStatus: (agent) =>
      command("read a status", async () => {
        const found = await client.hgetall(keys.agentStatus(agent));
        return AgentStatusHash.safeParse(found).data ?? null;
      }),
    clearStatus: (agent) => command("clear a status", async () => void (await client.del(keys.agentStatus(agent)))),
    forgetAgent: async (agent) => {
      await forgetHints(agent);
      await command("forget an agent", () => client.del(keys.agentStatus(agent), keys.rateLimit(agent), keys.containerLock(agent)));
    },
    takeToken: (agent, { capacity, perSecond }) =>
      command("take a token", async () => {
        const wait = Number(await client.eval(takeTokenScript, 1, keys.rateLimit(agent), capacity, perSecond));
        return wait === 0 ? { ok: true as const } : { ok: false as const, retryAfterMs: wait };
      }),
    tryLock: (key, owner, ttlMs) => command("take a lock", async () => (await client.eval(lockScript, 1, key, owner, ttlMs)) === 1),
    unlock: (key, owner) => command("free a lock", async () => void (await client.eval(unlockScript, 1, key, owner))),
    ensureAgentUser: (user) => command("make an agent's user", () => setAgentUser(client, user)),
    removeAgentUser: (name) => command("remove an agent's user", () => deleteAgentUser(client, name)),
    agentUsers: () => command("list agents' users", () => listAgentUsers(client)),
    serverRunId: () =>
      command("tell its run id", async () => /run_id:(\w+)/.exec(await client.info("server"))?.[1] ?? ""),
    ping: () => command("answer a ping", async () => void (await client.ping())),
    close: () => {
      closing ??= (async () => {
        stopWatching();
        await closeQueues();
        (await listening)?.close();
        client.disconnect();
      })();
      return closing;
    },
  };
}
