import type { Clock, Logger } from "@aito/base";
import { keys } from "@aito/protocol";
import { Queue } from "bullmq";
import type { Redis } from "ioredis";
import { commandMsMax } from "../bus.ts";
import { keepRecent } from "./keep-recent.ts";
import { boundedReport, busError, within } from "./redis-connection.ts";

const queuesOpenMax = 200;
/** Of a worker that has ended nobody asks again, and one that is open takes 9 kB; opening one costs a write. */
const queueIdleMs = 2 * 60_000;
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
  const report = boundedReport(options.log, options.clock, "a queue's connection failed");
  const letGo = (queue: Queue): Promise<void> => queue.close().catch(report);
  const open = keepRecent<Queue>({
    max: queuesOpenMax,
    idleMs: queueIdleMs,
    clock: options.clock,
    letGo: (queue) => void letGo(queue),
  });
  const keyOf = ({ prefix, name }: QueueName): string => `${prefix}:${name}`;
  const queueOf = (of: QueueName): Queue =>
    open.of(keyOf(of), () => {
      const queue = new Queue(of.name, {
        connection: commands,
        prefix: of.prefix,
        streams: { events: { maxLen: eventsKeptMax } },
        skipVersionCheck: true,
      });
      queue.on("error", report);
      return queue;
    });

  const call: OpenQueues["call"] = (doing, name, run) =>
    // BullMQ waits for a connection without limit, so a call that could only wait is refused here.
    commands.status === "ready"
      ? within(options.clock, commandMsMax, doing, run(queueOf(name)))
      : Promise.reject(busError(new Error("there is no connection"), doing));

  return {
    call,
    callLast: async (doing, name, run) => {
      try {
        return await call(doing, name, run);
      } finally {
        const last = open.take(keyOf(name));
        if (last) void letGo(last);
      }
    },
    close: async () => void (await Promise.all(open.takeAll().map(letGo))),
  };
}
