import { errorText } from "@aito/base";
import { Agent, request as send } from "undici";
import { type ModelUpstream, UpstreamFailure, type UpstreamRequest } from "./upstream.ts";

const connectMsMax = 10_000;
const firstByteMsMax = 300_000;
const silenceMsMax = 120_000;
const connectionsMax = 512;
/** What of the caller's headers goes on, beside all `anthropic-*`; everything else, its session above all, stays here. */
const passedHeaders = new Set(["content-type", "accept"]);

/** Anthropic, or any base URL that speaks its Messages API. `apiKey` gives the key in use at this moment. */
export function messagesUpstream(options: {
  name: string;
  baseUrl: string;
  apiKey: () => string | null;
  free: boolean;
}): ModelUpstream {
  const base = options.baseUrl.replace(/\/+$/, "");
  const dispatcher = new Agent({
    connections: connectionsMax,
    connect: { timeout: connectMsMax },
    headersTimeout: firstByteMsMax,
    bodyTimeout: silenceMsMax,
    keepAliveTimeout: 30_000,
  });
  return {
    name: options.name,
    free: options.free,
    send: async (ask) => {
      try {
        const answer = await send(`${base}${ask.path}`, {
          dispatcher,
          method: ask.method,
          headers: headersFor(ask, options.apiKey()),
          body: ask.body.length > 0 ? ask.body : null,
          signal: ask.signal,
        });
        return { status: answer.statusCode, headers: answer.headers, body: answer.body };
      } catch (error) {
        if (ask.signal.aborted) throw ask.signal.reason;
        throw new UpstreamFailure(`${options.name} at ${new URL(base).origin} gave no answer: ${errorText(error)}`, {
          sent: !neverSent(error),
          cause: error,
        });
      }
    },
    close: () => dispatcher.destroy(),
  };
}

function headersFor(ask: UpstreamRequest, apiKey: string | null): Record<string, string> {
  const headers: Record<string, string> = { "anthropic-version": "2023-06-01", "user-agent": "aito-gateway/1" };
  for (const [name, value] of Object.entries(ask.headers)) {
    if (typeof value === "string" && (passedHeaders.has(name) || name.startsWith("anthropic-"))) headers[name] = value;
  }
  if (apiKey !== null) headers["x-api-key"] = apiKey;
  return headers;
}

/** The connection never stood, so nothing of the request can have been read. */
const neverSent = (error: unknown): boolean => {
  const code = (error as { code?: unknown }).code;
  return (
    typeof code === "string" &&
    /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ENOENT|UND_ERR_CONNECT_TIMEOUT)$/.test(code)
  );
};
