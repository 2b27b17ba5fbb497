import { errorText } from "@aito/base";
import { Agent, request as send } from "undici";
import { neverSent } from "./never-sent.ts";
import { type ModelUpstream, UpstreamFailure, type UpstreamRequest } from "./upstream.ts";
import type { UpstreamKey } from "./upstream-keys.ts";

const connectMsMax = 10_000;
const firstByteMsMax = 300_000;
const silenceMsMax = 120_000;
const connectionsMax = 512;
/** What of the caller's headers goes on, beside all `anthropic-*`; everything else, its session above all, stays here. */
const passedHeaders = new Set(["content-type", "accept"]);

/**
 * Anthropic, or any base URL that speaks its Messages API. A key that the vendor does not know yet (401) is tried once more with the
 * one before it, while both are live.
 */
export function messagesUpstream(options: { name: string; baseUrl: string; key: UpstreamKey; free: boolean }): ModelUpstream {
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
      const attempt = (key: string | null) =>
        send(`${base}${ask.path}`, {
          dispatcher,
          method: ask.method,
          headers: headersFor(ask, key),
          body: ask.body.length > 0 ? ask.body : null,
          signal: ask.signal,
        });
      try {
        let answer = await attempt(options.key.current());
        const before = answer.statusCode === 401 ? options.key.before() : null;
        if (before !== null) {
          await answer.body.dump();
          answer = await attempt(before);
        }
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
