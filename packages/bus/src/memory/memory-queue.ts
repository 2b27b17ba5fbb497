import type { Clock } from "@aito/base";
import { type Closable, jobAttemptsDefault, jobBackoffMs, type JobHandler, type JobOptions } from "../bus.ts";

interface Job {
  id: string;
  data: Record<string, unknown>;
  attemptsLeft: number;
  attempt: number;
  priority: number;
  state: "waiting" | "delayed" | "running";
}

/** One queue of the memory bus: the highest priority first, then in the order of arrival; delays run on the clock. */
export interface MemoryQueue {
  add(id: string, data: Record<string, unknown>, options: JobOptions & { priority?: number }): void;
  /** Takes out a job that is not running. */
  remove(id: string): void;
  waiting(): string[];
  consume(handle: JobHandler, concurrency: number): Closable;
  close(): Promise<void>;
}

interface Consumers {
  add(handle: JobHandler, concurrency: number): Closable;
  /** Gives waiting jobs to whoever has room. */
  pump(): void;
  close(): Promise<void>;
}

/** Runs jobs; `take` hands out the next ones and `finish` hears how one ended. */
function consumersOf(take: (most: number) => Job[], finish: (job: Job, failed: boolean) => void): Consumers {
  const consumers = new Set<{ handle: JobHandler; free: number }>();
  const running = new Set<Promise<void>>();

  const pump = (): void => {
    for (const consumer of consumers) {
      for (const job of take(consumer.free)) {
        consumer.free -= 1;
        const done = Promise.resolve()
          .then(() => consumer.handle(structuredClone(job.data), job.id))
          .then(
            () => finish(job, false),
            () => finish(job, true),
          )
          .then(() => {
            consumer.free += 1;
            running.delete(done);
            pump();
          });
        running.add(done);
      }
    }
  };

  return {
    pump,
    add: (handle, concurrency) => {
      const consumer = { handle, free: concurrency };
      consumers.add(consumer);
      queueMicrotask(pump);
      return {
        close: async () => {
          consumers.delete(consumer);
          await Promise.allSettled(running);
        },
      };
    },
    close: async () => {
      consumers.clear();
      await Promise.allSettled(running);
    },
  };
}

export function memoryQueue(clock: Clock): MemoryQueue {
  const jobs = new Map<string, Job>();
  const timers = new Set<() => void>();

  const waiting = (): Job[] =>
    [...jobs.values()].filter((job) => job.state === "waiting").toSorted((a, b) => b.priority - a.priority);

  const later = (job: Job, ms: number): void => {
    job.state = "delayed";
    const cancel = clock.after(ms, () => {
      timers.delete(cancel);
      job.state = "waiting";
      consumers.pump();
    });
    timers.add(cancel);
  };

  const take = (most: number): Job[] => {
    const taken = waiting().slice(0, most);
    for (const job of taken) {
      job.state = "running";
      job.attempt += 1;
      job.attemptsLeft -= 1;
    }
    return taken;
  };

  const consumers = consumersOf(take, (job, failed) => {
    if (failed && job.attemptsLeft > 0) later(job, jobBackoffMs * 2 ** (job.attempt - 1));
    else jobs.delete(job.id);
  });

  return {
    add: (id, data, options) => {
      if (jobs.has(id)) return;
      const attemptsLeft = options.attempts ?? jobAttemptsDefault;
      const job: Job = {
        id,
        data: structuredClone(data),
        attempt: 0,
        attemptsLeft,
        priority: options.priority ?? 0,
        state: "waiting",
      };
      jobs.set(id, job);
      if (options.delayMs) later(job, options.delayMs);
      queueMicrotask(consumers.pump);
    },
    remove: (id) => {
      if (jobs.get(id)?.state !== "running") jobs.delete(id);
    },
    waiting: () => waiting().map((job) => job.id),
    consume: consumers.add,
    close: async () => {
      for (const cancel of timers) cancel();
      jobs.clear();
      await consumers.close();
    },
  };
}
