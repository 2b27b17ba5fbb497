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

export function memoryQueue(clock: Clock): MemoryQueue {
  const jobs = new Map<string, Job>();
  const timers = new Set<() => void>();
  const consumers = new Set<{ handle: JobHandler; free: number }>();
  const running = new Set<Promise<void>>();

  const waiting = (): Job[] =>
    [...jobs.values()].filter((job) => job.state === "waiting").sort((a, b) => b.priority - a.priority);

  const later = (job: Job, ms: number): void => {
    job.state = "delayed";
    const cancel = clock.after(ms, () => {
      timers.delete(cancel);
      job.state = "waiting";
      pump();
    });
    timers.add(cancel);
  };

  const run = async (job: Job, handle: JobHandler): Promise<void> => {
    job.attempt += 1;
    job.attemptsLeft -= 1;
    try {
      await handle(structuredClone(job.data), job.id);
      jobs.delete(job.id);
    } catch {
      if (job.attemptsLeft > 0) later(job, jobBackoffMs * 2 ** (job.attempt - 1));
      else jobs.delete(job.id);
    }
  };

  const pump = (): void => {
    for (const consumer of consumers) {
      for (const job of waiting().slice(0, consumer.free)) {
        job.state = "running";
        consumer.free -= 1;
        const done = run(job, consumer.handle).then(() => {
          consumer.free += 1;
          running.delete(done);
          pump();
        });
        running.add(done);
      }
    }
  };

  return {
    add: (id, data, options) => {
      if (jobs.has(id)) return;
      const job: Job = {
        id,
        data: structuredClone(data),
        attempt: 0,
        attemptsLeft: options.attempts ?? jobAttemptsDefault,
        priority: options.priority ?? 0,
        state: "waiting",
      };
      jobs.set(id, job);
      if (options.delayMs) later(job, options.delayMs);
      queueMicrotask(pump);
    },
    remove: (id) => {
      if (jobs.get(id)?.state !== "running") jobs.delete(id);
    },
    waiting: () => waiting().map((job) => job.id),
    consume: (handle, concurrency) => {
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
      for (const cancel of timers) cancel();
      jobs.clear();
      await Promise.allSettled(running);
    },
  };
}
