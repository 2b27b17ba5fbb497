import { type Clock, isAitoError, type Logger } from "@aito/base";
import { keys } from "@aito/protocol";
import { Redis, type RedisOptions } from "ioredis";
import { type Bus, commandMsMax } from "../bus.ts";
import { readAclLog } from "./acl-log.ts";
import { agentKeys } from "./agent-keys.ts";
import { deleteAgentUser, listAgentUsers, setAgentUser } from "./agent-users.ts";
import { queuesOver } from "./queues.ts";
import { boundedReport, connectionOptions, parseRedisUrl, waitUntilReady, watchConnection, within } from "./redis-connection.ts";
import { type Subscriptions, subscriptionsOver } from "./subscriptions.ts";

const startMsMax = 5_000;
/** Whoever goes on without Redis waits only for one that answers at once. */
const startMsMaxIfAway = 1_000;

interface RedisBusOptions {
  url: string;
  log: Logger;
  clock: Clock;
  /** Goes on when Redis cannot be reached at start, as it does when it goes away later; a refusal still throws. */
  mayBeAway?: boolean;
}

async function connectCommands(address: RedisOptions, { clock, log, mayBeAway = false }: RedisBusOptions): Promise<Redis> {
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
    await waitUntilReady(client, clock, mayBeAway ? startMsMaxIfAway : startMsMax);
  } catch (error) {
    if (mayBeAway && isAitoError(error, "AITO_BUS_UNAVAILABLE")) return client;
    client.disconnect();
    throw error;
  }
  return client;
}

async function connectSubscriptions(address: RedisOptions, options: RedisBusOptions): Promise<Subscriptions> {
  const client = new Redis({ ...address, ...connectionOptions(), enableReadyCheck: false });
  const subscriptions = subscriptionsOver(client, options);
  await waitUntilReady(client, options.clock, commandMsMax).catch(() => undefined);
  return subscriptions;
}

/**
 * Opens the bus on a Redis 7 or newer. Throws AITO_BUS_UNAVAILABLE or AITO_BUS_REFUSED (both fate human) when it cannot be
 * reached at start (unless it `mayBeAway`); afterwards every call fails within `commandMsMax` while Redis is away, and works again once it is back.
 */
export async function connectRedisBus(options: RedisBusOptions): Promise<Bus> {
  const { clock } = options;
  const address = parseRedisUrl(options.url);
  const client = await connectCommands(address, options);
  const stopWatching = watchConnection(client, clock);
  const { forgetHints, close: closeQueues, ...queues } = queuesOver(client, address, options);
  const command = <T>(doing: string, run: () => Promise<T>): Promise<T> => within(clock, commandMsMax, doing, run());
  let listening: Promise<Subscriptions> | undefined;
  let closing: Promise<void> | undefined;

  const close = async (): Promise<void> => {
    stopWatching();
    await closeQueues();
    (await listening)?.close();
    client.disconnect();
  };

  return {
    kind: "redis",
    ...queues,
    ...agentKeys(client, clock),
    publish: (channel, body) => command("publish", async () => void (await client.publish(channel, body))),
    subscribe: async (channels, onMessage, onReconnect) => {
      listening ??= connectSubscriptions(address, options);
      return await (await listening).add(channels, onMessage, onReconnect);
    },
    forgetAgent: async (agent) => {
      await forgetHints(agent);
      await command("forget an agent", () =>
        client.del(keys.agentStatus(agent), keys.rateLimit(agent), keys.containerLock(agent)),
      );
    },
    ensureAgentUser: (user) => command("make an agent's user", () => setAgentUser(client, user)),
    removeAgentUser: (name) => command("remove an agent's user", () => deleteAgentUser(client, name)),
    agentUsers: () => command("list agents' users", () => listAgentUsers(client)),
    refusals: () => command("tell what it refused", () => readAclLog(client)),
    serverRunId: () => command("tell its run id", async () => /run_id:(\w+)/.exec(await client.info("server"))?.[1] ?? ""),
    ping: () => command("answer a ping", async () => void (await client.ping())),
    close: () => (closing ??= close()),
  };
}
