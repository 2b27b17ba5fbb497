import { AitoError, type Clock, errorText, type Logger, silentLogger } from "@aito/base";
import { type AgentStatusHash, keys } from "@aito/protocol";
import { agentUserPrefix, checkAgentUser } from "../agent-user-name.ts";
import { type AgentUser, type Bus, hintsMax, type OnMessage } from "../bus.ts";
import { memoryQueue, type MemoryQueue } from "./memory-jobs.ts";

/**
 * The bus inside one process: embedded mode, virtual time and fast tests. Messages arrive in the order of publishing, each in
 * its own microtask; whatever takes time runs on `clock`.
 */
export function memoryBus(options: { clock: Clock; log?: Logger }): Bus {
  const { clock, log = silentLogger } = options;
  const now = (): number => clock.now().getTime();
  const listeners = new Set<{ channels: Set<string>; onMessage: OnMessage }>();
  const statuses = new Map<string, { status: AgentStatusHash; until: number }>();
  const queues = new Map<string, MemoryQueue>();
  const buckets = new Map<string, { tokens: number; at: number }>();
  const locks = new Map<string, { owner: string; until: number }>();
  const users = new Map<string, AgentUser>();
  let closed = false;

  const queueOf = (key: string): MemoryQueue => {
    let queue = queues.get(key);
    if (!queue) queues.set(key, (queue = memoryQueue(clock)));
    return queue;
  };
  const hintsOf = (agent: string | null): MemoryQueue =>
    queueOf(agent === null ? `${keys.urgentQueuePrefix}:${keys.urgentQueueName}` : `${keys.tasksQueuePrefix}:${agent}`);

  /** Runs `act` now; after close every call is refused, as it is on a closed connection. */
  const command = async <T>(act: () => T): Promise<T> => {
    if (closed) throw new AitoError("AITO_BUS_UNAVAILABLE", "the bus is closed", { fate: "retry", status: 503 });
    return await Promise.resolve(act());
  };

  const deliver = (channel: string, body: string): void => {
    for (const listener of listeners) {
      if (!listener.channels.has(channel)) continue;
      queueMicrotask(() => {
        if (!listeners.has(listener)) return;
        try {
          listener.onMessage(channel, body);
        } catch (error) {
          log.error({ error: errorText(error) }, "a message handler failed");
        }
      });
    }
  };

  const takeToken: Bus["takeToken"] = (agent, { capacity, perSecond }) =>
    command(() => {
      const bucket = buckets.get(agent) ?? { tokens: capacity, at: now() };
      bucket.tokens = Math.min(capacity, bucket.tokens + (Math.max(0, now() - bucket.at) * perSecond) / 1_000);
      bucket.at = now();
      buckets.set(agent, bucket);
      if (bucket.tokens < 1) return { ok: false, retryAfterMs: Math.ceil(((1 - bucket.tokens) * 1_000) / perSecond) };
      bucket.tokens -= 1;
      return { ok: true };
    });

  return {
    kind: "memory",
    publish: (channel, body) => command(() => deliver(channel, body)),
    subscribe: (channels, onMessage) =>
      command(() => {
        const listener = { channels: new Set(channels), onMessage };
        listeners.add(listener);
        return { close: () => Promise.resolve(void listeners.delete(listener)) };
      }),
    setStatus: (agent, status, ttlMs) => command(() => void statuses.set(agent, { status: { ...status }, until: now() + ttlMs })),
    getStatus: (agent) =>
      command(() => {
        const found = statuses.get(agent);
        return found && found.until > now() ? { ...found.status } : null;
      }),
    clearStatus: (agent) => command(() => void statuses.delete(agent)),
    forgetAgent: (agent) =>
      command(() => {
        statuses.delete(agent);
        buckets.delete(agent);
        locks.delete(keys.containerLock(agent));
        queues.delete(`${keys.tasksQueuePrefix}:${agent}`);
      }),
    addHint: (agent, workId, priority) => command(() => hintsOf(agent).add(workId, {}, { attempts: 1, priority })),
    removeHint: (agent, workId) => command(() => hintsOf(agent).remove(workId)),
    hints: (agent) => command(() => hintsOf(agent).waiting().slice(0, hintsMax)),
    consumeUrgent: (handle) => command(() => hintsOf(null).consume((_, id) => handle(id), 1)),
    addJob: (name, id, data, jobOptions) => command(() => queueOf(`aito:jobs:${name}`).add(id, data, jobOptions ?? {})),
    consumeJobs: (name, handle, jobOptions) =>
      command(() => queueOf(`aito:jobs:${name}`).consume(handle, jobOptions?.concurrency ?? 1)),
    takeToken,
    tryLock: (key, owner, ttlMs) =>
      command(() => {
        const held = locks.get(key);
        if (held && held.owner !== owner && held.until > now()) return false;
        locks.set(key, { owner, until: now() + ttlMs });
        return true;
      }),
    unlock: (key, owner) =>
      command(() => {
        if (locks.get(key)?.owner === owner) locks.delete(key);
      }),
    ensureAgentUser: (user) =>
      command(() => {
        checkAgentUser(user);
        users.set(user.name, user);
      }),
    removeAgentUser: (name) => command(() => void (name.startsWith(agentUserPrefix) && users.delete(name))),
    agentUsers: () => command(() => [...users.keys()]),
    serverRunId: () => command(() => "memory"),
    ping: () => command(() => undefined),
    close: async () => {
      if (closed) return;
      closed = true;
      listeners.clear();
      await Promise.all([...queues.values()].map((queue) => queue.close()));
    },
  };
}
