import type { Readable } from "node:stream";
import type { Price } from "../models.ts";

/** One attempt at one upstream, in the Messages API's own form; an adapter for another API translates both ways. */
export interface ModelUpstream {
  /** For usage rows and logs. */
  readonly name: string;
  /** Calls to it cost nothing (the rehearsal model): its cost is known to be 0. */
  readonly free: boolean;
  /** Its own prices by model; null where it has none of its own (the vendor itself). */
  readonly prices: Record<string, Price> | null;
  /** Throws UpstreamFailure when there is no answer; `signal` aborts it. An answer of any status is an answer. */
  send(request: UpstreamRequest): Promise<UpstreamAnswer>;
  close(): Promise<void>;
}

export interface UpstreamRequest {
  method: "GET" | "POST";
  /** With its query: `/v1/messages?beta=true`. */
  path: string;
  headers: Record<string, string | string[] | undefined>;
  body: Buffer;
  /** The model that is to answer; `body` names it already. */
  model: string;
  signal: AbortSignal;
}

export interface UpstreamAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** JSON, or an event stream, as its content-type says. */
  body: Readable;
}

/** No answer came. `sent` tells whether the request may have reached the model, so that it may have cost something. */
export class UpstreamFailure extends Error {
  readonly sent: boolean;
  constructor(message: string, options: { sent: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.sent = options.sent;
  }
}
