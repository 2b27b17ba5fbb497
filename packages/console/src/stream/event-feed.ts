import { type Clock, errorText, type Logger } from "@aito/base";
import type { Bus } from "@aito/bus";
import { channels, type EventView } from "@aito/protocol";
import type { Records } from "../records.ts";

const batchMax = 200;
/** Events are sealed within a second of their commit; a bell is followed up for this long. */
const followUpMs = 150;
const followUpsMax = 20;
/** Catches what no bell told of (Redis away). */
const sweepMs = 5_000;

export interface FeedReader {
  /** Newly sealed events, in order, none twice and none left out. */
  onEvents(events: EventView[]): void;
  /** Something of these types changed just now; it is not sealed yet. */
  onBell(types: string[]): void;
}

export interface EventFeed {
  /** Everything up to here has been handed to the readers. */
  head(): bigint;
  /** Nothing is read while nobody follows; this goes on from now. Call it before the first use of `head`. */
  wake(): Promise<void>;
  add(reader: FeedReader): () => void;
  close(): Promise<void>;
}

/**
 * One reader of the sealed events per program, shared by all open pages. The bus only rings; what is handed on is read from
 * Postgres in order of the sequence numbers, so two console replicas tell the same.
 */
export async function startEventFeed(options: {
  records: Records;
  bus: Pick<Bus, "subscribe">;
  clock: Clock;
  log: Logger;
}): Promise<EventFeed> {
  const { records, clock, log } = options;
  const readers = new Set<FeedReader>();
  const closing = new AbortController();
  let head = 0n;
  let reading: Promise<void> | null = null;
  let followUps = 0;

  const readAll = async (): Promise<void> => {
    for (;;) {
      const events = await records.eventsAfter(head, batchMax);
      const last = events.at(-1);
      if (!last || closing.signal.aborted) return;
      head = BigInt(last.seq!);
      for (const reader of readers) reader.onEvents(events);
    }
  };
  const followUp = async (): Promise<void> => {
    while (followUps > 0 && !closing.signal.aborted) {
      followUps -= 1;
      try {
        await readAll();
      } catch (error) {
        log.warn({ error: errorText(error) }, "reading new events failed");
      }
      if (followUps > 0) await clock.sleep(followUpMs, closing.signal).catch(() => undefined);
    }
  };
  const read = (times: number): void => {
    if (readers.size === 0) return;
    followUps = Math.max(followUps, times);
    reading ??= followUp().finally(() => (reading = null));
  };

  const onBell = (_channel: string, body: string): void => {
    const types = bellTypes(body);
    for (const reader of readers) reader.onBell(types);
    read(followUpsMax);
  };
  const subscription = await options.bus.subscribe([channels.console], onBell, () => read(followUpsMax));

  let cancelSweep = (): void => undefined;
  const sweep = (): void => {
    read(1);
    cancelSweep = clock.after(sweepMs, sweep);
  };
  sweep();

  return {
    head: () => head,
    wake: async () => {
      if (readers.size > 0) return;
      const newest = await records.head();
      if (newest > head && readers.size === 0) head = newest;
    },
    add: (reader) => {
      readers.add(reader);
      return () => void readers.delete(reader);
    },
    close: async () => {
      closing.abort(new Error("closing"));
      cancelSweep();
      await subscription.close();
      await reading;
    },
  };
}

function bellTypes(body: string): string[] {
  try {
    const { events } = JSON.parse(body) as { events?: { type?: unknown }[] };
    return [...new Set((events ?? []).map((event) => String(event.type)))].slice(0, 50);
  } catch {
    return [];
  }
}
