import { AitoError, type Clock, backoffMs, errorText, type ProofKey, proofHeader } from "@aito/base";
import { ApiError } from "@aito/protocol";
import { Agent, fetch as undiciFetch } from "undici";
import type { z } from "zod";

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

const causeCode = (error: unknown): string => {
  const code = (error as { cause?: { code?: unknown } }).cause?.code;
  return typeof code === "string" ? code : "";
};

export function connectGateway(options: {
  socketPath: string;
  clock: Clock;
  random: () => number;
  /** Signs each request, so that the session is of no use without it. */
  proofKey?: ProofKey;
}): GatewayLink {
  // Model calls and parked polls are long: their callers bound them with signals of their own.
  const dispatcher = new Agent({
    connect: { socketPath: options.socketPath },
    headersTimeout: 0,
    bodyTimeout: 0,
    // Longer than between two heartbeats of an agent at rest, shorter than the gateway keeps one open.
    keepAliveTimeout: 60_000,
  });
  let session: string | null = null;

  /** Whatever a client library holds as its token, the present session goes out: it may have been renewed since. */
  const signed = (url: string | URL, init: RequestInit): Record<string, string> => {
    const headers = new Headers(init.headers);
    if (session !== null) {
      const { pathname, search } = new URL(url);
      const asked = { method: init.method ?? "GET", path: `${pathname}${search}`, session };
      headers.set("authorization", `Bearer ${session}`);
      if (options.proofKey) headers.set(proofHeader, options.proofKey.prove(asked, options.clock.now()));
    }
    return Object.fromEntries(headers);
  };

  const fetch: Fetch = async (url, init = {}) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await undiciFetch(url, { ...(init as object), headers: signed(url, init), dispatcher });
      } catch (error) {
        if (attempt >= connectAttemptsMax || !neverSent.has(causeCode(error))) throw error;
        const waitMs = 5 + backoffMs(attempt, { baseMs: connectBaseMs, maxMs: connectMaxMs, random: options.random });
        await options.clock.sleep(waitMs, init.signal ?? undefined);
      }
    }
  };

  const post: GatewayLink["post"] = async (path, body, answer, { signal, timeoutMs = postTimeoutMs } = {}) => {
    const bound = AbortSignal.timeout(timeoutMs);
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${gatewayOrigin}${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
        signal: signal ? AbortSignal.any([signal, bound]) : bound,
      });
      text = await response.text();
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      const why = causeCode(error) || errorText(error);
      throw new AitoError("AITO_AGENT_GATEWAY", `the gateway did not answer ${path}: ${why}`, {
        fate: "retry",
        status: 503,
        cause: error,
      });
    }
    if (!response.ok) throw refusal(path, response.status, text);
    return answer.parse(JSON.parse(text));
  };

  return {
    fetch,
    post,
    useSession: (value) => {
      session = value;
    },
    close: () => dispatcher.destroy(),
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
