import { AitoError, type Clock, type Logger, silentLogger } from "@aito/base";
import { keys } from "@aito/protocol";
import { agentUserPrefix, checkAgentUser } from "../agent-user-name.ts";
import { type AgentUser, type Bus, hintsMax } from "../bus.ts";
import { memoryChannels } from "./memory-channels.ts";
import { memoryKeys } from "./memory-keys.ts";
import { memoryQueue, type MemoryQueue } from "./memory-queue.ts";

/** The bus inside one process: embedded mode, virtual time and fast tests. Whatever takes time runs on `clock`. */
export function memoryBus(options: { clock: Clock; log?: Logger }): Bus {
  const channels = memoryChannels(options.log ?? silentLogger);
  const kept = memoryKeys(options.clock);
  const queues = new Map<string, MemoryQueue>();
  const users = new Map<string, AgentUser>();
  let closed = false;

  const queueOf = (key: string): MemoryQueue => {
    let queue = queues.get(key);
    if (!queue) queues.set(key, (queue = memoryQueue(options.clock)));
    return queue;
  };
  const hintKey = (agent: string | null): string =>
    agent === null ? `${keys.urgentQueuePrefix}:${keys.urgentQueueName}` : `${keys.tasksQueuePrefix}:${agent}`;
  const hintsOf = (agent: string | null): MemoryQueue => queueOf(hintKey(agent));
  const jobsOf = (name: string): MemoryQueue => queueOf(`aito:jobs:${name}`);

  /** Runs `act` now; after close every call is refused, as it is on a closed connection. */
  const command = async <T>(act: () => T): Promise<T> => {
    if (closed) throw new AitoError("AITO_BUS_UNAVAILABLE", "the bus is closed", { fate: "retry", status: 503 });
    return await Promise.resolve(act());
  };

  return {
    kind: "memory",
    publish: (channel, body) => command(() => channels.publish(channel, body)),
    subscribe: (names, onMessage) => command(() => channels.subscribe(names, onMessage)),
    setStatus: (agent, status, ttlMs) => command(() => kept.setStatus(agent, status, ttlMs)),
    setStatuses: (statuses, ttlMs) =>
      command(() => {
        for (const [agent, status] of statuses) kept.setStatus(agent, status, ttlMs);
      }),
    getStatus: (agent) => command(() => kept.getStatus(agent)),
    clearStatus: (agent) => command(() => kept.clearStatus(agent)),
    forgetAgent: (agent) =>
      command(() => {
        kept.forget(agent);
        queues.delete(hintKey(agent));
      }),
    addHint: (agent, workId, priority) => command(() => hintsOf(agent).add(workId, {}, { attempts: 1, priority })),
    removeHint: (agent, workId) => command(() => hintsOf(agent).remove(workId)),
    hints: (agent) => command(() => hintsOf(agent).waiting().slice(0, hintsMax)),
    consumeUrgent: (handle) => command(() => hintsOf(null).consume((_, id) => handle(id), 1)),
    addJob: (name, id, data, jobOptions) => command(() => jobsOf(name).add(id, data, jobOptions ?? {})),
    consumeJobs: (name, handle, jobOptions) => command(() => jobsOf(name).consume(handle, jobOptions?.concurrency ?? 1)),
    takeToken: (agent, bucket) => command(() => kept.takeToken(agent, bucket)),
    tryLock: (key, owner, ttlMs) => command(() => kept.tryLock(key, owner, ttlMs)),
    unlock: (key, owner) => command(() => kept.unlock(key, owner)),
    ensureAgentUser: (user) =>
      command(() => {
        checkAgentUser(user);
        users.set(user.name, user);
      }),
    removeAgentUser: (name) => command(() => void (name.startsWith(agentUserPrefix) && users.delete(name))),
    agentUsers: () => command(() => [...users.keys()]),
    refusals: () => command(() => []),
    serverRunId: () => command(() => "memory"),
    ping: () => command(() => undefined),
    close: async () => {
      if (closed) return;
      closed = true;
      channels.close();
      await Promise.all([...queues.values()].map((queue) => queue.close()));
    },
  };
}
