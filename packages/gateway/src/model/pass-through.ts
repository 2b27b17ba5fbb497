import { once } from "node:events";
import { errorText, monotonicMs } from "@aito/base";
import type { FastifyReply } from "fastify";
import { topLevelValue } from "./top-level-string.ts";
import type { UpstreamAnswer } from "./upstreams/upstream.ts";
import type { UsageMeter } from "./usage-meter.ts";

/** An answer's headers that are for the caller; the rest is between the gateway and the vendor. */
const shownHeaders = new Set(["content-type", "request-id", "retry-after"]);
const isShown = (name: string): boolean => shownHeaders.has(name) || name.startsWith("anthropic-ratelimit-");

/** A JSON answer is held whole before it goes on; no model writes as much. */
export const answerBytesMax = 64 * 1024 * 1024;

export const isEventStream = (answer: UpstreamAnswer): boolean =>
  String(answer.headers["content-type"]).startsWith("text/event-stream");

export function showHeaders(reply: FastifyReply, answer: UpstreamAnswer): FastifyReply {
  for (const [name, value] of Object.entries(answer.headers))
    if (value !== undefined && isShown(name)) void reply.header(name, value);
  // The gateway has tried as often as it makes sense: SDKs must not add their own attempts to it.
  if (answer.status >= 400) void reply.header("x-should-retry", "false");
  return reply.status(answer.status);
}

export interface Passed {
  /** The body came to its end. */
  whole: boolean;
  firstByteMs: number | null;
  /** Set when it did not. */
  error: string | null;
}

/** Bytes for a recorder; see there. */
export type Tap = (bytes: Buffer) => void;

/**
 * Passes the answer on as its bytes come, and lets the meter read along. Never throws: an answer that broke off is cut off for the
 * caller too, so that it cannot be taken for whole.
 */
export async function passThrough(
  answer: UpstreamAnswer,
  to: { reply: FastifyReply; meter: UsageMeter; signal: AbortSignal; startedMs: number; tap: Tap | null },
): Promise<Passed> {
  const { reply, meter, signal, tap } = to;
  showHeaders(reply, answer);
  let firstByteMs: number | null = null;
  const seen = (bytes: Buffer): void => {
    firstByteMs ??= Math.round(monotonicMs() - to.startedMs);
    tap?.(bytes);
  };
  try {
    if (!isEventStream(answer)) {
      const parts: Buffer[] = [];
      let size = 0;
      for await (const part of answer.body as AsyncIterable<Buffer>) {
        seen(part);
        size += part.length;
        if (size > answerBytesMax) throw new Error(`the answer has more than ${answerBytesMax / 1024 / 1024} MB`);
        parts.push(part);
      }
      const body = parts.length === 1 ? parts[0]! : Buffer.concat(parts);
      meter.whole(usageIn(body));
      await reply.send(body);
      return { whole: true, firstByteMs, error: null };
    }
    const headers = reply.getHeaders() as Record<string, string | string[] | number>;
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(answer.status, { ...headers, "cache-control": "no-cache" });
    raw.flushHeaders();
    for await (const part of answer.body as AsyncIterable<Buffer>) {
      seen(part);
      meter.feed(part);
      if (!raw.write(part)) await once(raw, "drain", { signal });
    }
    raw.end();
    return { whole: true, firstByteMs, error: null };
  } catch (error) {
    answer.body.destroy();
    return { whole: false, firstByteMs, error: errorText(signal.aborted ? signal.reason : error) };
  }
}

/** Beyond it nothing is made of an answer but what it says of its usage: a tree of ten megabytes has a hundred. */
const parsedBytesMax = 256 * 1024;

/** An answer that is not JSON is passed on as it is; its usage stays unknown. */
function usageIn(body: Buffer): unknown {
  if (body.length > parsedBytesMax) return { usage: topLevelValue(body, "usage") };
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return null;
  }
}
