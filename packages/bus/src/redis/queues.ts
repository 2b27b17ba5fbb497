import { type Clock, errorText, type Logger } from "@aito/base";
import { keys } from "@aito/protocol";
import { Queue, Worker } from "bullmq";
import { Redis, type RedisOptions } from "ioredis";
import { type Bus, type Closable, commandMsMax, hintsMax, jobAttemptsDefault, jobBackoffMs } from "../bus.ts";
import { boundedReport, busError, connectionOptions, watchConnection, within } from "./redis-connection.ts";

const queuesOpenMax = 200;
const eventsKeptMax = 50;
const jobsPrefix = "aito:jobs";
/** A job whose holder died is started again after at most these two together. */
const lockMs = 10_000;
const stalledCheckMs = 5_000;
/** BullMQ counts 1 as the most urgent of at most 2^21; ours grow with urgency. */
const bullPriority = (priority: number): number => Math.min(2_000, Math.max(1, 1_000 - Math.trunc(priority)));

type QueuePart = Pick<Bus, "addHint" | "removeHint" | "hints" | "consumeUrgent" | "addJob" | "consumeJobs"> & {
  forgetHints(agent: string): Promise<void>;
  close(): Promise<void>;
};

interface QueueName {
  prefix: string;
  name: string;
}

const hintQueue = (agent: string | null): QueueName =>
  agent === null
    ? { prefix: keys.urgentQueuePrefix, name: keys.urgentQueueName }
    : { prefix: keys.tasksQueuePrefix, name: agent };

/**
 * BullMQ's part of the bus. Producers share the command connection. Workers share one more, without a command deadline (a fetch
 * that fails at once would spin), and each has the blocking one that BullMQ makes from it.
 */
export function queuesOver(commands: Redis, address: RedisOptions, options: { log: Logger; clock: Clock }): QueuePart {
  const { clock, log } = options;
  const open = new Map<string, Queue>();
  const workers = new Set<Worker>();
  const report = boundedReport(log, clock, "a queue's connection failed");
  let forWorkers: { client: Redis; stop: () => void } | undefined;

  const workerConnection = (): Redis => {
    if (!forWorkers) {
      const client = new Redis({ ...address, ...connectionOptions() });
      client.on("error", report);
      forWorkers = { client, stop: watchConnection(client, clock) };
    }
    return forWorkers.client;
  };

  const queueOf = ({ prefix, name }: QueueName): Queue => {
    const key = `${prefix}:${name}`;
    let queue = open.get(key);
    if (!queue) {
      queue = new Queue(name, { connection: commands, prefix, streams: { events: { maxLen: eventsKeptMax } }, skipVersionCheck: true });
      queue.on("error", report);
      const oldest = open.size >= queuesOpenMax ? [...open].at(0) : undefined;
      if (oldest) {
        open.delete(oldest[0]);
        void oldest[1].close().catch(report);
      }
    } else open.delete(key);
    open.set(key, queue);
    return queue;
  };

  const command = <T>(doing: string, run: () => Promise<T>): Promise<T> =>
    // BullMQ waits for a connection without limit, so a call that could only wait is refused here.
    commands.status === "ready"
      ? within(clock, commandMsMax, doing, run())
      : Promise.reject(busError(new Error("there is no connection"), doing));

  const consume = async (
    queue: QueueName,
    concurrency: number,
    handle: (data: Record<string, unknown>, id: string) => Promise<void>,
  ): Promise<Closable> => {
    const worker = new Worker(queue.name, async (job) => handle(job.data as Record<string, unknown>, job.id!), {
      connection: workerConnection(),
      prefix: queue.prefix,
      concurrency,
      lockDuration: lockMs,
      stalledInterval: stalledCheckMs,
      maxStalledCount: 5,
      runRetryDelay: 1_000,
      skipVersionCheck: true,
    });
    worker.on("error", report);
    worker.on("failed", (job, error) => {
      log.warn({ job: job?.id, queue: queue.name, attempt: job?.attemptsMade, error: errorText(error) }, "a job failed");
    });
    workers.add(worker);
    await within(clock, commandMsMax, "start a queue worker", worker.waitUntilReady());
    return {
      close: async () => {
        workers.delete(worker);
        await closeWorker(worker);
      },
    };
  };

  /** Lets the running job end; without an answer it drops the connection, and the job is started again elsewhere. */
  const closeWorker = async (worker: Worker): Promise<void> => {
    if (forWorkers?.client.status !== "ready") return await worker.close(true).catch(report);
    await within(clock, commandMsMax, "close a queue worker", worker.close()).catch(async (error: unknown) => {
      report(error);
      await worker.disconnect().catch(report);
    });
  };

  return {
    addHint: (agent, workId, priority) =>
      command("add a hint", async () => {
        await queueOf(hintQueue(agent)).add("work", {}, {
          jobId: workId,
          priority: bullPriority(priority),
          removeOnComplete: true,
          removeOnFail: true,
        });
      }),
    removeHint: (agent, workId) =>
      command("remove a hint", async () => {
        await queueOf(hintQueue(agent)).remove(workId);
      }),
    hints: (agent) =>
      command("list hints", async () => {
        const jobs = await queueOf(hintQueue(agent)).getJobs(["waiting", "prioritized"], 0, hintsMax - 1, true);
        return jobs.filter((job) => job !== undefined).map((job) => job.id!);
      }),
    consumeUrgent: (handle) => consume(hintQueue(null), 1, (_, id) => handle(id)),
    forgetHints: (agent) => command("forget hints", () => queueOf(hintQueue(agent)).obliterate({ force: true })),
    addJob: (name, id, data, jobOptions) =>
      command("add a job", async () => {
        await queueOf({ prefix: jobsPrefix, name }).add(name, data, {
          jobId: id,
          delay: jobOptions?.delayMs ?? 0,
          attempts: jobOptions?.attempts ?? jobAttemptsDefault,
          backoff: { type: "exponential", delay: jobBackoffMs },
          removeOnComplete: true,
          removeOnFail: true,
        });
      }),
    consumeJobs: (name, handle, jobOptions) => consume({ prefix: jobsPrefix, name }, jobOptions?.concurrency ?? 1, handle),
    close: async () => {
      await Promise.all([...workers].map(closeWorker));
      await Promise.all([...open.values()].map((queue) => queue.close().catch(report)));
      forWorkers?.stop();
      forWorkers?.client.disconnect();
    },
  };
}
