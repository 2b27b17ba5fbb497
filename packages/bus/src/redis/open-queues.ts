import type { Clock, Logger } from "@aito/base";
import { keys } from "@aito/protocol";
import { Queue } from "bullmq";
import type { Redis } from "ioredis";
import { commandMsMax } from "../bus.ts";
import { boundedReport, busError, within } from "./redis-connection.ts";

const queuesOpenMax = 200;
const eventsKeptMax = 50;

/** A BullMQ queue's keys begin with `<prefix>:<name>:`. */
export interface QueueName {
  prefix: string;
  name: string;
}

export const jobsQueue = (name: string): QueueName => ({ prefix: "aito:jobs", name });

/** The queue of an agent's hints; null is the urgent queue. */
export const hintQueue = (agent: string | null): QueueName =>
  agent === null
    ? { prefix: keys.urgentQueuePrefix, name: keys.urgentQueueName }
    : { prefix: keys.tasksQueuePrefix, name: agent };

export interface OpenQueues {
  /** Runs one call on a queue within the limit of a command. */
  call<T>(doing: string, name: QueueName, run: (queue: Queue) => Promise<T>): Promise<T>;
  /** The same, for the last time: the queue is let go afterwards. */
  callLast<T>(doing: string, name: QueueName, run: (queue: Queue) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Producers' ends of queues, opened when first used; all share the command connection, and the longest unused are let go. */
export function openQueues(commands: Redis, options: { log: Logger; clock: Clock }): OpenQueues {
  const open = new Map<string, Queue>();
  const report = boundedReport(options.log, options.clock, "a queue's connection failed");

  const keyOf = ({ prefix, name }: QueueName): string => `${prefix}:${name}`;

  const queueOf = ({ prefix, name }: QueueName): Queue => {
    const key = keyOf({ prefix, name });
    let queue = open.get(key);
    if (queue) open.delete(key);
    else {
      queue = new Queue(name, {
        connection: commands,
        prefix,
        streams: { events: { maxLen: eventsKeptMax } },
        skipVersionCheck: true,
      });
      queue.on("error", report);
    }
    const oldest = open.size >= queuesOpenMax ? [...open].at(0) : undefined;
    if (oldest) {
      open.delete(oldest[0]);
      void oldest[1].close().catch(report);
    }
    open.set(key, queue);
    return queue;
  };

  const call: OpenQueues["call"] = (doing, name, run) =>
    // BullMQ waits for a connection without limit, so a call that could only wait is refused here.
    commands.status === "ready"
      ? within(options.clock, commandMsMax, doing, run(queueOf(name)))
      : Promise.reject(busError(new Error("there is no connection"), doing));

  return {
    call,
    callLast: async (doing, name, run) => {
      const key = keyOf(name);
      try {
        return await call(doing, name, run);
      } finally {
        const last = open.get(key);
        open.delete(key);
        void last?.close().catch(report);
      }
    },
    close: async () => {
      await Promise.all([...open.values()].map((queue) => queue.close().catch(report)));
      open.clear();
    },
  };
}
