import type { ModelUpstream, UpstreamRequest } from "./upstream.ts";
import type { UpstreamKey } from "./upstream-keys.ts";
import { upstreamSender, type UpstreamWaits } from "./upstream-sender.ts";

const connectionsMax = 512;
/** What of the caller's headers goes on, beside all `anthropic-*`; everything else, its session above all, stays here. */
const passedHeaders = new Set(["content-type", "accept"]);

/** Anthropic, or any base URL that speaks its Messages API. */
export function messagesUpstream(options: {
  name: string;
  baseUrl: string;
  key: UpstreamKey;
  free: boolean;
  prices?: ModelUpstream["prices"];
  waits?: UpstreamWaits | undefined;
}): ModelUpstream {
  const { name, free, prices = null } = options;
  const sender = upstreamSender({ ...options, connectionsMax });
  return {
    name,
    free,
    prices,
    send: async (ask) => {
      const answer = await sender.send(ask.path, ask.signal, (key) => ({
        method: ask.method,
        headers: headersFor(ask, key),
        body: ask.body.length > 0 ? ask.body : null,
      }));
      return { status: answer.statusCode, headers: answer.headers, body: answer.body };
    },
    close: sender.close,
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
