import { type Clock, errorText } from "@aito/base";
import { visibleLine } from "@aito/connectors";
import type { ToolServer } from "@aito/protocol";
import {
  type CallToolResult,
  Client,
  type jsonSchemaValidator,
  StreamableHTTPClientTransport,
} from "@modelcontextprotocol/client";
import { Agent, type Dispatcher, fetch, type Response } from "undici";
import type { SaidTool } from "./pin-words.ts";

/** All that one request may answer with, in bytes; what is larger is not read to its end. */
export const answerBytesMax = 4 * 1024 * 1024;
const connectMsMax = 5_000;
/** For connecting, and for its list of tools. */
export const listMsMax = 5_000;
const pagesMax = 20;
const goodbyeMsMax = 1_000;
const connectionsMax = 16;
const failureCharactersMax = 400;
/** An answer that ended without saying anything is given so long to be read. */
const emptyEndMs = 2_000;

/** What came of asking an outside server, when it was no answer. `no`: the call cannot have had an effect. */
export class OutsideFailure extends Error {
  override readonly name = "OutsideFailure";
  readonly arrived: "no" | "unknown";
  /** What it asked for with a `retry-after`. */
  readonly retryAfterMs: number;
  /** A tool's own plain refusal says nothing against it. */
  readonly isRefusal: boolean;

  constructor(
    message: string,
    options: { arrived: "no" | "unknown"; retryAfterMs?: number; isRefusal?: boolean; cause?: unknown },
  ) {
    super(message, { cause: options.cause });
    this.arrived = options.arrived;
    this.retryAfterMs = options.retryAfterMs ?? 0;
    this.isRefusal = options.isRefusal ?? false;
  }
}

/** One conversation with a server: connected, and over when its work is. */
export interface Talk {
  /** The revision that was agreed on. */
  revision: string;
  list(): Promise<SaidTool[]>;
  call(tool: SaidTool, args: Record<string, unknown>, timeoutMs: number): Promise<CallToolResult>;
}

export interface ServerLine {
  /** Host or socket, for people; nothing secret. */
  address: string;
  /** Each conversation has a connection state of its own: nothing of one caller is left for the next. Throws OutsideFailure. */
  talk<T>(signal: AbortSignal, work: (talk: Talk) => Promise<T>): Promise<T>;
  /** Without the server's secret, should it have been told it back. */
  withoutSecret(text: string): string;
  close(): Promise<void>;
}

/** Schemas are held against what was approved, here; the library would compile whatever the server says. */
const unchecked: jsonSchemaValidator = {
  getValidator: () => (input) => ({ valid: true, data: input as never, errorMessage: undefined }),
};

/**
 * The way to one outside server. Only its own address is ever asked: a redirect is a failure, and so is an answer that is too long.
 * `secret` is read at each conversation, so that it can be changed in its file.
 */
export function serverLine(server: ToolServer, tools: { name: string; clock: Clock; secret: () => string | null }): ServerLine {
  const url = new URL(server.unix === undefined ? server.url! : "http://localhost/mcp");
  const address = server.unix === undefined ? url.origin : `unix:${server.unix}`;
  const dispatcher = new Agent({
    connections: connectionsMax,
    connect: { timeout: connectMsMax, ...(server.unix === undefined ? {} : { socketPath: server.unix }) },
    keepAliveTimeout: 10_000,
  });
  return {
    address,
    withoutSecret: (text) => {
      const secret = tools.secret();
      return secret === null ? text : text.replaceAll(secret, "[redacted]");
    },
    talk: (signal, work) => converse({ url, dispatcher, server, address, signal, ...tools }, work),
    close: () => dispatcher.destroy(),
  };
}

interface Conversation {
  name: string;
  url: URL;
  dispatcher: Dispatcher;
  server: ToolServer;
  address: string;
  signal: AbortSignal;
  clock: Clock;
  secret: () => string | null;
}

/** Where a conversation stands, as its fetch and its end see it. */
interface Progress {
  /** Counts what was asked of it and how often that was answered: the two that an ended answer belongs to must be the last ones. */
  requests: number;
  answers: number;
  calling: boolean;
  sent: boolean;
  status: number | null;
  retryAfterMs: number;
  /** Ends it from within: an answer that is too long, or a stream that ended with nothing in it. */
  end: AbortController;
  why: string | null;
}

async function converse<T>(given: Conversation, work: (talk: Talk) => Promise<T>): Promise<T> {
  const end = new AbortController();
  const progress: Progress = {
    requests: 0,
    answers: 0,
    calling: false,
    sent: false,
    status: null,
    retryAfterMs: 0,
    end,
    why: null,
  };
  const signal = AbortSignal.any([given.signal, end.signal]);
  const transport = new StreamableHTTPClientTransport(given.url, {
    fetch: guardedFetch(given, progress, signal),
    reconnectionOptions: { maxRetries: 0, initialReconnectionDelay: 1, maxReconnectionDelay: 1, reconnectionDelayGrowFactor: 1 },
  });
  const client = new Client(
    { name: "aito-gateway", version: "1" },
    { versionNegotiation: { mode: "auto" }, jsonSchemaValidator: unchecked, listMaxPages: pagesMax },
  );
  const asked = async <A>(asking: Promise<A>): Promise<A> => {
    try {
      return await asking;
    } catch (error) {
      // What it was told to stop for is said as it is.
      if (given.signal.aborted && !end.signal.aborted) throw given.signal.reason;
      throw failureOf(error, given, progress);
    } finally {
      progress.answers += 1;
    }
  };
  try {
    await asked(client.connect(transport, { signal, timeout: listMsMax }));
    return await work({
      revision: client.getNegotiatedProtocolVersion() ?? "unknown",
      list: async () =>
        (
          await asked(
            client.listTools(undefined, { signal, timeout: listMsMax, maxTotalTimeout: listMsMax, cacheMode: "bypass" }),
          )
        ).tools,
      call: async (tool, args, timeoutMs) => {
        progress.calling = true;
        const toolDefinition = tool as never;
        const bound = { signal, timeout: timeoutMs, maxTotalTimeout: timeoutMs, toolDefinition };
        return await asked(client.callTool({ name: tool.name, arguments: args }, bound));
      },
    });
  } finally {
    await Promise.race([
      (async () => {
        await transport.terminateSession().catch(() => undefined);
        await client.close().catch(() => undefined);
      })(),
      given.clock.sleep(goodbyeMsMax),
    ]);
    end.abort(new Error("over"));
  }
}

/** The one address, no redirect, no more bytes than are wanted, and the secret where it belongs. */
function guardedFetch(given: Conversation, progress: Progress, signal: AbortSignal) {
  const { url, dispatcher, server } = given;
  return async (asked: string | URL, init?: RequestInit): Promise<globalThis.Response> => {
    if (String(asked) !== String(url)) throw new Error(`it would have asked ${new URL(asked).origin}, which is not its address`);
    // Nothing is pushed to us: a stream that stays open would outlive the call.
    if ((init?.method ?? "GET") === "GET") return new globalThis.Response(null, { status: 405 });
    const headers = new Headers(init?.headers);
    const secret = given.secret();
    if (secret !== null && server.secret !== undefined) {
      if (server.secretHeader === undefined) headers.set("authorization", `Bearer ${secret}`);
      else headers.set(server.secretHeader, secret);
    }
    progress.requests += 1;
    if (progress.calling) progress.sent = true;
    const answer = await fetch(url, {
      ...(init as object),
      headers: Object.fromEntries(headers),
      dispatcher,
      redirect: "manual",
      signal: init?.signal ? AbortSignal.any([init.signal, signal]) : signal,
    });
    progress.status = answer.status;
    progress.retryAfterMs = secondsOf(answer.headers.get("retry-after")) * 1_000;
    if (answer.status >= 300 && answer.status < 400) {
      await answer.body?.cancel();
      throw new Error(`it answers ${answer.status}, a redirect; none is followed`);
    }
    return bounded(answer, given, progress);
  };
}

const secondsOf = (text: string | null): number => {
  const seconds = Number(text);
  return Number.isFinite(seconds) && seconds > 0 ? seconds : 0;
};

/** The answer, which ends the conversation when it grows too long, breaks off, or ends and nothing has come of it. */
function bounded(answer: Response, { clock, signal: over }: Conversation, progress: Progress): globalThis.Response {
  if (answer.body === null) return new globalThis.Response(null, { status: answer.status });
  const { end, requests, answers } = progress;
  let bytes = 0;
  const fail = (why: string): void => {
    progress.why ??= why;
    end.abort(new Error(why));
  };
  const reader = answer.body.getReader();
  const body = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      try {
        const { value, done } = await reader.read();
        if (done) {
          const silence = clock.sleep(emptyEndMs, AbortSignal.any([end.signal, over]));
          const isLast = (): boolean => progress.requests === requests && progress.answers === answers;
          silence.then(() => isLast() && fail("its answer ended with nothing in it")).catch(() => undefined);
          return controller.close();
        }
        bytes += value.byteLength;
        if (bytes <= answerBytesMax) return controller.enqueue(value);
        fail(`its answer is longer than ${answerBytesMax} bytes`);
        await reader.cancel().catch(() => undefined);
        controller.error(new Error("too long"));
      } catch (error) {
        fail(`its answer broke off: ${errorText(error)}`);
        controller.error(error);
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
  const headers = new Headers([...answer.headers].filter(([name]) => name !== "content-encoding" && name !== "content-length"));
  return new globalThis.Response(body, { status: answer.status, headers });
}

/** A connection that never stood cannot have brought anything. */
const neverSent = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENOENT|EACCES|UND_ERR_CONNECT_TIMEOUT)$/;
/** JSON-RPC's own refusals: not a request, no such method, not these arguments. */
const refusals: ReadonlySet<unknown> = new Set([-32_600, -32_601, -32_602]);

function failureOf(error: unknown, { name, address, secret }: Conversation, progress: Progress): OutsideFailure {
  const { sent, status, retryAfterMs, why } = progress;
  const codes = causes(error);
  const isRefusal = codes.some((code) => refusals.has(code));
  const turnedDown = status !== null && status >= 400 && status < 500;
  const arrived = !sent || isRefusal || turnedDown || codes.some((code) => neverSent.test(String(code))) ? "no" : "unknown";
  const told = why ?? (status !== null && status >= 400 ? `it answers ${status}` : textOf(error, codes));
  // What it says in its error is foreign text, too.
  const inert = visibleLine(told.replaceAll(secret() ?? "\0", "[redacted]"), failureCharactersMax);
  return new OutsideFailure(`${name} at ${address}: ${inert}`, { arrived, retryAfterMs, isRefusal, cause: error });
}

const textOf = (error: unknown, codes: unknown[]): string => {
  const named = codes.find((code): code is string => typeof code === "string" && /^(E[A-Z]+|UND_ERR_[A-Z_]+)$/.test(code));
  return `${errorText(error)}${named === undefined ? "" : ` (${named})`}`;
};

function causes(error: unknown): unknown[] {
  const codes: unknown[] = [];
  for (let here = error, depth = 0; here instanceof Error && depth < 5; here = here.cause, depth += 1) {
    codes.push((here as { code?: unknown }).code);
  }
  return codes;
}
