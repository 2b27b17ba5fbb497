import type { Clock, Logger } from "@aito/base";
import type { Redis, RedisOptions } from "ioredis";
import { type Bus, hintsMax, jobAttemptsDefault, jobBackoffMs } from "../bus.ts";
import { hintQueue, jobsQueue, openQueues } from "./open-queues.ts";
import { queueWorkers } from "./queue-workers.ts";

/** BullMQ counts 1 as the most urgent; ours grow with urgency. */
const bullPriority = (priority: number): number => Math.min(2_000, Math.max(1, 1_000 - Math.trunc(priority)));

type QueuePart = Pick<Bus, "addHint" | "removeHint" | "hints" | "consumeUrgent" | "addJob" | "consumeJobs"> & {
  forgetHints(agent: string): Promise<void>;
  close(): Promise<void>;
};

/** BullMQ's part of the bus. A finished job leaves nothing behind, whether done or given up. */
export function queuesOver(commands: Redis, address: RedisOptions, options: { log: Logger; clock: Clock }): QueuePart {
  const queues = openQueues(commands, options);
  const workers = queueWorkers(address, options);
  const gone = { removeOnComplete: true, removeOnFail: true } as const;
  return {
    addHint: (agent, workId, priority) =>
      queues.call("add a hint", hintQueue(agent), async (queue) => {
        await queue.add("work", {}, { ...gone, jobId: workId, priority: bullPriority(priority) });
      }),
    removeHint: (agent, workId) =>
      queues.call("remove a hint", hintQueue(agent), async (queue) => {
        await queue.remove(workId);
      }),
    hints: (agent) =>
      queues.call("list hints", hintQueue(agent), async (queue) => {
        const jobs = await queue.getJobs(["waiting", "prioritized"], 0, hintsMax - 1, true);
        return jobs.filter((job) => job !== undefined).map((job) => job.id!);
      }),
    consumeUrgent: (handle) => workers.consume(hintQueue(null), { concurrency: 1, hints: true }, (_, id) => handle(id)),
    forgetHints: (agent) => queues.callLast("forget hints", hintQueue(agent), (queue) => queue.obliterate({ force: true })),
    addJob: (name, id, data, jobOptions) =>
      queues.call("add a job", jobsQueue(name), async (queue) => {
        await queue.add(name, data, {
          ...gone,
          jobId: id,
          delay: jobOptions?.delayMs ?? 0,
          attempts: jobOptions?.attempts ?? jobAttemptsDefault,
          backoff: { type: "exponential", delay: jobBackoffMs },
        });
      }),
    consumeJobs: (name, handle, jobOptions) =>
      workers.consume(jobsQueue(name), { concurrency: jobOptions?.concurrency ?? 1 }, handle),
    close: async () => {
      await workers.close();
      await queues.close();
    },
  };
}
