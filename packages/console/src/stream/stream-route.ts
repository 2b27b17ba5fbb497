import type { ServerResponse } from "node:http";
import { AitoError, type Clock, errorText, type Logger } from "@aito/base";
import { operatorApi } from "@aito/protocol";
import type { Api } from "../api/app.ts";
import { identify, type AuthOptions } from "../auth/principal.ts";
import type { Records } from "../records.ts";
import { type EventFeed, type Frame, frameOf } from "./event-feed.ts";

export const streamsMax = 100;
const heartbeatMs = 15_000;
const catchUpMax = 1_000;
/** At a time: a hundred pages that come back at once must not hold all that they missed. */
const catchUpBatch = 100;
/** A reader this far behind is cut off; it reconnects and catches up from Postgres. */
const bufferedBytesMax = 256_000;

export interface StreamOptions extends AuthOptions {
  records: Pick<Records, "eventsAfter">;
  feed: EventFeed;
  clock: Clock;
  log: Logger;
}

/**
 * `GET /api/v1/stream`, server-sent events. `event: audit` with `id:` = sequence number carries a sealed event; `bell`
 * names the types that changed a moment ago; `hello` gives the number to start from; `reset` says that too much was missed
 * and everything should be read again; `beat` comes every 15 s. `Last-Event-ID`, or `?after=`, continues where a reader stopped.
 */
export function streamRoute(app: Api, options: StreamOptions): void {
  const { feed, clock, log, records } = options;
  const open = new Set<ServerResponse>();

  app.get(operatorApi.stream, { logLevel: "silent" }, async (request, reply) => {
    if (open.size >= streamsMax) {
      throw new AitoError("AITO_CONSOLE_STREAMS", `${streamsMax} pages are already following`, { fate: "retry", status: 503 });
    }
    const from = sequenceNumber(request.headers["last-event-id"] ?? (request.query as { after?: unknown }).after);
    await feed.wake();
    reply.hijack();
    const raw = reply.raw;
    open.add(raw);
    for (const [name, value] of Object.entries(reply.getHeaders())) if (value !== undefined) raw.setHeader(name, value);
    raw.writeHead(200, streamHeaders);
    const write = (frame: string): void => {
      if (raw.writableLength > bufferedBytesMax) raw.destroy();
      else if (!raw.destroyed) raw.write(frame);
    };

    let sent = from ?? feed.head();
    let live = false;
    const sendEvents = (frames: Frame[]): void => {
      const unsent = frames.filter(({ seq }) => seq > sent);
      if (unsent.length === 0) return;
      sent = unsent.at(-1)!.seq;
      write(unsent.map(({ text }) => text).join(""));
    };
    const remove = feed.add({ onEvents: (frames) => live && sendEvents(frames), onBell: write });
    let cancelBeat = (): void => undefined;
    const beat = (): void => {
      write("event: beat\ndata: {}\n\n");
      // A session that was revoked meanwhile stops hearing.
      void identify(request, options).then(
        (principal) => {
          if (!principal?.scopes.includes("read")) raw.end();
        },
        () => undefined,
      );
      cancelBeat = clock.after(heartbeatMs, beat);
    };
    raw.on("close", () => {
      remove();
      cancelBeat();
      open.delete(raw);
    });
    cancelBeat = clock.after(heartbeatMs, beat);
    write("retry: 2000\n\n");

    try {
      if (from !== null && (from > feed.head() || feed.head() - from > BigInt(catchUpMax))) {
        sent = feed.head();
        write(`id: ${sent}\nevent: reset\ndata: {}\n\n`);
      }
      while (sent < feed.head() && !raw.destroyed) {
        const missed = await records.eventsAfter(sent, catchUpBatch);
        if (missed.length === 0) break;
        sendEvents(missed.map(frameOf));
        if (raw.writableNeedDrain) await drained(raw);
      }
      live = true;
      write(`id: ${sent}\nevent: hello\ndata: ${JSON.stringify({ head: sent.toString() })}\n\n`);
    } catch (error) {
      log.warn({ error: errorText(error) }, "catching a stream up failed");
      raw.end();
    }
  });

  app.addHook("preClose", async () => {
    for (const raw of open) raw.end();
  });
}

const streamHeaders = {
  "content-type": "text/event-stream; charset=utf-8",
  "cache-control": "no-store",
  "x-accel-buffering": "no",
};

const drained = (raw: ServerResponse): Promise<void> =>
  new Promise((resolve) => {
    raw.once("drain", resolve);
    raw.once("close", resolve);
  });

function sequenceNumber(header: unknown): bigint | null {
  return typeof header === "string" && /^\d{1,18}$/.test(header) ? BigInt(header) : null;
}
