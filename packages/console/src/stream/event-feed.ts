import { type Clock, errorText, type Logger, togetherMs } from "@aito/base";
import type { Bus } from "@aito/bus";
import { channels, type ConsoleBellHeard, type EventView, readConsoleBell } from "@aito/protocol";
import type { Records } from "../records.ts";

const batchMax = 200;
/** Events are sealed within a second of their commit; a bell is followed up for this long. */
const followUpMs = 150;
const followUpsMax = 20;
/** Catches what no bell told of (Redis away). */
const sweepMs = 5_000;

/** Bells that come close together are one. */
export const bellGatherMs = 40;

/** What goes to every page is written down once. */
export interface Frame {
  seq: bigint;
  text: string;
}

export const frameOf = (event: EventView): Frame => ({
  seq: BigInt(event.seq!),
  text: `id: ${event.seq}\nevent: audit\ndata: ${JSON.stringify(event)}\n\n`,
});

export interface FeedReader {
  /** Newly sealed events, in order, none twice and none left out. */
  onEvents(frames: Frame[]): void;
  /** Something changed just now that is not sealed yet: a frame that names the types. */
  onBell(text: string): void;
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
      const frames = events.map(frameOf);
      for (const reader of readers) reader.onEvents(frames);
      if (events.length < batchMax) return;
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

  const bells = gatherBells(clock, (text, ofEvents) => {
    for (const reader of readers) reader.onBell(text);
    if (ofEvents) read(followUpsMax);
  });
  const onBell = (_channel: string, body: string): void => {
    if (readers.size > 0) bells.ring(readConsoleBell(body));
  };
  const subscription = await options.bus.subscribe([channels.console], onBell, () => read(followUpsMax));

  const endSweep = every(clock, sweepMs, () => read(1));

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
      endSweep();
      bells.close();
      await subscription.close();
      await reading;
    },
  };
}

function every(clock: Clock, ms: number, run: () => void): () => void {
  let cancel = (): void => undefined;
  const go = (): void => {
    run();
    cancel = clock.after(togetherMs(ms), go);
  };
  go();
  return () => cancel();
}

function gatherBells(
  clock: Clock,
  tell: (text: string, ofEvents: boolean) => void,
): { ring(heard: ConsoleBellHeard): void; close(): void } {
  const rung = new Set<string>();
  let ofEvents = false;
  let cancel: (() => void) | null = null;
  const tellAll = (): void => {
    cancel = null;
    const text = `event: bell\ndata: ${JSON.stringify({ types: [...rung] })}\n\n`;
    rung.clear();
    const isRead = ofEvents;
    ofEvents = false;
    tell(text, isRead);
  };
  return {
    ring: ({ types, isHint }) => {
      for (const type of types) rung.add(type);
      if (!isHint) ofEvents = true;
      cancel ??= clock.after(bellGatherMs, tellAll);
    },
    close: () => cancel?.(),
  };
}
