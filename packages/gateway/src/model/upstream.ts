import { AitoError, backoffMs, errorText } from "@aito/base";
import { type Dispatcher, request } from "undici";
import type { GatewayContext } from "../gateway-context.ts";

/** The only retries on the way to the model: 3 attempts in all, for an overloaded, limiting or absent upstream. */
export const attemptsMax = 3;
const retryBaseMs = 500;
const retryMaxMs = 8_000;
const retryAfterMsMax = 20_000;
const firstByteMsMax = 300_000;
const silenceMsMax = 120_000;
const retryStatuses = new Set([429, 500, 502, 503, 504, 529]);
/** What of the agent's headers goes on; everything else, its session above all, stays here. */
const passedHeaders = ["content-type", "accept", "anthropic-version", "anthropic-beta"];

/**
 * Asks the upstream with the real key and returns its answer, whatever its status, with the body unread. Error:
 * AITO_MODEL_UNAVAILABLE (503) when no attempt got an answer. `signal` aborts the call and the waiting.
 */
export async function askUpstream(
  context: GatewayContext,
  ask: {
    method: "GET" | "POST";
    path: string;
    headers: Record<string, string | string[] | undefined>;
    body?: Buffer;
    signal: AbortSignal;
  },
): Promise<Dispatcher.ResponseData> {
  const { clock, upstream, log, random } = context;
  const url = new URL(`${upstream.baseUrl.replace(/\/+$/, "")}${ask.path}`);
  for (let attempt = 1; ; attempt += 1) {
    let waitMs = backoffMs(attempt, { baseMs: retryBaseMs, maxMs: retryMaxMs, random });
    try {
      const answer = await request(url, {
        method: ask.method,
        headers: headersFor(context, ask.headers),
        body: ask.body ?? null,
        signal: ask.signal,
        headersTimeout: firstByteMsMax,
        bodyTimeout: silenceMsMax,
      });
      if (attempt >= attemptsMax || !retryStatuses.has(answer.statusCode)) return answer;
      waitMs = Math.max(waitMs, retryAfterMs(answer.headers["retry-after"]));
      log.warn({ status: answer.statusCode, attempt, waitMs }, "the model is busy; trying again");
      await answer.body.dump();
    } catch (error) {
      if (ask.signal.aborted) throw ask.signal.reason;
      if (attempt >= attemptsMax) {
        throw new AitoError("AITO_MODEL_UNAVAILABLE", `the model at ${url.origin} cannot be reached: ${errorText(error)}`, {
          hint:
            upstream.name === "rehearsal"
              ? "check that the rehearsal model runs (AITO_MODEL_URL)"
              : "check the gateway's way to the internet",
          fate: "retry",
          status: 503,
          cause: error,
        });
      }
      log.warn({ error: errorText(error), attempt, waitMs }, "the model cannot be reached; trying again");
    }
    await clock.sleep(Math.max(10, waitMs), ask.signal);
  }
}

function headersFor(context: GatewayContext, incoming: Record<string, string | string[] | undefined>): Record<string, string> {
  const headers: Record<string, string> = { "anthropic-version": "2023-06-01", "user-agent": "aito-gateway/1" };
  for (const name of passedHeaders) {
    const value = incoming[name];
    if (typeof value === "string") headers[name] = value;
  }
  if (context.upstream.apiKey !== null) headers["x-api-key"] = context.upstream.apiKey;
  return headers;
}

/** Seconds as the vendor sends them, bounded; 0 for what is missing or not a number. */
function retryAfterMs(value: string | string[] | undefined): number {
  const seconds = Number(Array.isArray(value) ? value[0] : value);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(retryAfterMsMax, seconds * 1_000) : 0;
}
