import { type Clock, errorText, type Logger } from "@aito/base";
import { Worker } from "bullmq";
import { Redis, type RedisOptions } from "ioredis";
import { type Closable, commandMsMax, type JobHandler } from "../bus.ts";
import type { QueueName } from "./open-queues.ts";
import { boundedReport, connectionOptions, watchConnection, within } from "./redis-connection.ts";

/** How closely a worker watches its queue: each of these is a timer that wakes the program, whether there is a job or not. */
interface Watch {
  /** A job whose holder died is started again after at most these two together. Half of a lock's time is when it is renewed. */
  lockMs: number;
  stalledCheckMs: number;
  /** How long a worker waits for a job at a time; a connection that only looks open is found by it. */
  waitSeconds: number;
}
const closely: Watch = { lockMs: 10_000, stalledCheckMs: 5_000, waitSeconds: 12 };
/** For hints: what they hint at stands in a table that is looked at all the same, so that nothing is late by one that is lost. */
const seldom: Watch = { lockMs: 60_000, stalledCheckMs: 60_000, waitSeconds: 60 };
const stalledMax = 5;

export interface QueueWorkers {
  /** `hints`: jobs that may be lost. */
  consume(queue: QueueName, options: { concurrency: number; hints?: true }, handle: JobHandler): Promise<Closable>;
  close(): Promise<void>;
}

/**
 * Consumers' ends of queues. They share one connection without a command deadline (a fetch that fails at once would spin), made
 * when the first one starts; each has the blocking one that BullMQ makes from it.
 */
export function queueWorkers(address: RedisOptions, options: { log: Logger; clock: Clock }): QueueWorkers {
  const { clock, log } = options;
  const workers = new Set<Worker>();
  const report = boundedReport(log, clock, "a queue worker's connection failed");
  let shared: { client: Redis; stop: () => void } | undefined;

  const connection = (): Redis => {
    if (!shared) {
      const client = new Redis({ ...address, ...connectionOptions() });
      client.on("error", report);
      shared = { client, stop: watchConnection(client, clock) };
    }
    return shared.client;
  };

  /** Lets the running job end; without an answer it drops the connection, and the job is started again elsewhere. */
  const closeWorker = async (worker: Worker): Promise<void> => {
    workers.delete(worker);
    if (shared?.client.status !== "ready") return await worker.close(true).catch(report);
    await within(clock, commandMsMax, "close a queue worker", worker.close()).catch(async (error: unknown) => {
      report(error);
      await worker.disconnect().catch(report);
    });
  };

  return {
    consume: async (queue, { concurrency, hints }, handle) => {
      const { lockMs, stalledCheckMs, waitSeconds } = hints ? seldom : closely;
      const worker = new Worker(queue.name, async (job) => handle(job.data as Record<string, unknown>, job.id!), {
        connection: connection(),
        prefix: queue.prefix,
        concurrency,
        lockDuration: lockMs,
        stalledInterval: stalledCheckMs,
        maxStalledCount: stalledMax,
        drainDelay: waitSeconds,
        runRetryDelay: 1_000,
        skipVersionCheck: true,
      });
      worker.on("error", report);
      worker.on("failed", (job, error) => {
        log.warn({ job: job?.id, queue: queue.name, attempt: job?.attemptsMade, error: errorText(error) }, "a job failed");
      });
      workers.add(worker);
      try {
        await within(clock, commandMsMax, "start a queue worker", worker.waitUntilReady());
      } catch (error) {
        // The caller has nothing to close.
        await closeWorker(worker);
        throw error;
      }
      return { close: () => closeWorker(worker) };
    },
    close: async () => {
      await Promise.all([...workers].map(closeWorker));
      shared?.stop();
      shared?.client.disconnect();
    },
  };
}
