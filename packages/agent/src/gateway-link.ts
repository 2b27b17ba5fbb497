import { AitoError, type Clock, backoffMs, errorText, type ProofKey, proofHeader } from "@aito/base";
import { ApiError } from "@aito/protocol";
import type { Agent, fetch as undiciFetch } from "undici";
import type { z } from "zod";
import { keepOpenMs, type SocketAnswer, socketPosts } from "./socket-post.ts";

/** A connect that failed this way was never sent, so that trying it again is safe whatever the request does. */
const neverSent = new Set(["EAGAIN", "ECONNREFUSED", "ENOENT"]);
export const connectAttemptsMax = 8;
const connectBaseMs = 20;
const connectMaxMs = 1_000;

/** What a connection ends with whose other side has gone. */
const brokenLink = new Set([...neverSent, "ECONNRESET", "EPIPE", "UND_ERR_SOCKET", "UND_ERR_CLOSED", "UND_ERR_DESTROYED"]);
const causesMax = 5;

/** The gateway went away in the middle, whatever library says so: no sign that anything is wrong with the run. */
export function isLinkBroken(error: unknown): boolean {
  let seen = error;
  for (let depth = 0; depth < causesMax && seen instanceof Error; depth += 1, seen = seen.cause) {
    if (brokenLink.has(String((seen as { code?: unknown }).code))) return true;
    if (seen instanceof AitoError && seen.fate === "retry") return true;
  }
  return false;
}

export type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>;

/** The agent's only way out: HTTP over the gateway's unix socket. */
export interface GatewayLink {
  /** As the platform's fetch, with the present session and its proof; the host of the URL is ignored. Retries a connect that was refused or found a full backlog. */
  fetch: Fetch;
  /** POSTs JSON with the session and parses the answer. Errors: the gateway's own codes, or AITO_AGENT_GATEWAY (fate retry). */
  post<S extends z.ZodType>(
    path: string,
    body: unknown,
    answer: S,
    options?: { signal?: AbortSignal; timeoutMs?: number },
  ): Promise<z.infer<S>>;
  useSession(session: string): void;
  close(): Promise<void>;
}

export const gatewayOrigin = "http://gateway";
const postTimeoutMs = 10_000;

const codeOf = (error: unknown): string => {
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } };
  const found = cause?.code ?? code;
  return typeof found === "string" ? found : "";
};

interface FetchLibrary {
  fetch: typeof undiciFetch;
  dispatcher: Agent;
}

/** Read and compiled at the first use, which is a run's: hello and heartbeats do without. */
async function loadFetch(socketPath: string): Promise<FetchLibrary> {
  // A bundle knows a CommonJS module by its default only.
  const { default: undici } = await import("undici");
  const dispatcher = new undici.Agent({
    connect: { socketPath },
    // Model calls are long: their callers bound them with signals of their own.
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: keepOpenMs,
  });
  return { fetch: undici.fetch, dispatcher };
}

export function connectGateway(options: {
  socketPath: string;
  clock: Clock;
  random: () => number;
  /** Signs each request, so that the session is of no use without it. */
  proofKey?: ProofKey;
}): GatewayLink {
  const posts = socketPosts(options.socketPath);
  let session: string | null = null;
  let library: Promise<FetchLibrary> | null = null;

  /** What the present session, and nobody else, sends with a request. */
  const proven = (method: string, url: string | URL): Record<string, string> => {
    if (session === null) return {};
    const { pathname, search } = new URL(url, gatewayOrigin);
    const asked = { method, path: `${pathname}${search}`, session };
    const proof = options.proofKey && { [proofHeader]: options.proofKey.prove(asked, options.clock.now()) };
    return { authorization: `Bearer ${session}`, ...proof };
  };

  /** Retries a connect that was refused or found a full backlog. */
  const connecting = async <T>(signal: AbortSignal | null | undefined, send: () => Promise<T>): Promise<T> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await send();
      } catch (error) {
        if (attempt >= connectAttemptsMax || !neverSent.has(codeOf(error))) throw error;
        const waitMs = 5 + backoffMs(attempt, { baseMs: connectBaseMs, maxMs: connectMaxMs, random: options.random });
        await options.clock.sleep(waitMs, signal ?? undefined);
      }
    }
  };

  const fetch: Fetch = async (url, init = {}) => {
    const { fetch: send, dispatcher } = await (library ??= loadFetch(options.socketPath));
    return await connecting(init.signal, () => {
      // Whatever a client library holds as its token, the present session goes out: it may have been renewed since.
      const headers = { ...Object.fromEntries(new Headers(init.headers)), ...proven(init.method ?? "GET", url) };
      return send(url, { ...(init as object), headers, dispatcher });
    });
  };

  const post: GatewayLink["post"] = async (path, body, answer, { signal, timeoutMs = postTimeoutMs } = {}) => {
    const bound = AbortSignal.timeout(timeoutMs);
    const over = signal ? AbortSignal.any([signal, bound]) : bound;
    let answered: SocketAnswer;
    try {
      answered = await connecting(over, () => {
        const headers = { "content-type": "application/json", ...proven("POST", path) };
        return posts.post(path, { headers, body: JSON.stringify(body), signal: over });
      });
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      const why = codeOf(error) || errorText(error);
      throw new AitoError("AITO_AGENT_GATEWAY", `the gateway did not answer ${path}: ${why}`, {
        fate: "retry",
        status: 503,
        cause: error,
      });
    }
    const { status, text } = answered;
    if (status < 200 || status > 299) throw refusal(path, status, text);
    return answer.parse(JSON.parse(text));
  };

  return {
    fetch,
    post,
    useSession: (value) => {
      session = value;
    },
    close: async () => {
      posts.close();
      await (await library)?.dispatcher.destroy();
    },
  };
}

function refusal(path: string, status: number, text: string): AitoError {
  let parsed: ReturnType<typeof ApiError.safeParse> | undefined;
  try {
    parsed = ApiError.safeParse(JSON.parse(text));
  } catch {
    parsed = undefined;
  }
  const fate = status >= 500 || status === 429 ? "retry" : "terminal";
  if (!parsed?.success)
    return new AitoError("AITO_AGENT_GATEWAY", `the gateway answered ${path} with ${status}`, { fate, status });
  const { code, message, hint } = parsed.data.error;
  return new AitoError(code, message, { ...(hint === undefined ? {} : { hint }), fate, status });
}

/** The gateway no longer knows this incarnation: the container must exit. */
export function isRefused(error: unknown): boolean {
  return error instanceof AitoError && (error.status === 401 || error.code === "AITO_AGENT_STALE");
}
