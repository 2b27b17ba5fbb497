import { type Clock, errorText } from "@aito/base";
import { request } from "undici";
import { signWebhook, webhookHeaders } from "./signature.ts";

/** How long a receiver has to answer one attempt. */
export const webhookTimeoutMs = 5_000;

export type WebhookResult =
  | { ok: true; status: number }
  | { ok: false; status: number | null; error: string; retryable: boolean };

/**
 * One attempt at one signed POST of `payload` as JSON. Redirects are not followed: what was signed for one receiver is not shown
 * to another. Never throws; retrying is the caller's. Status 2xx is success; 408, 425, 429, 5xx and a lost connection can be
 * retried; everything else will not change by asking again.
 */
export async function sendWebhook(input: {
  url: string;
  /** One, or the newest and the one before it. */
  secret: string | string[];
  eventId: string;
  payload: Record<string, unknown>;
  clock: Clock;
  timeoutMs?: number;
}): Promise<WebhookResult> {
  const timeoutMs = input.timeoutMs ?? webhookTimeoutMs;
  const body = JSON.stringify(input.payload);
  const timestamp = String(Math.floor(input.clock.now().getTime() / 1000));
  try {
    const answer = await request(new URL(input.url), {
      method: "POST",
      body,
      headers: {
        "content-type": "application/json",
        "user-agent": "aito-webhook/1",
        [webhookHeaders.timestamp]: timestamp,
        [webhookHeaders.signature]: signWebhook({ secret: input.secret, timestamp, body }),
        [webhookHeaders.eventId]: input.eventId,
      },
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
      signal: AbortSignal.timeout(timeoutMs),
    });
    await answer.body.dump({ limit: 64 * 1024 });
    const status = answer.statusCode;
    if (status >= 200 && status < 300) return { ok: true, status };
    return {
      ok: false,
      status,
      error: `the receiver answered ${status}`,
      retryable: status >= 500 || [408, 425, 429].includes(status),
    };
  } catch (error) {
    const late = error instanceof Error && /timeout|abort/i.test(error.name);
    return {
      ok: false,
      status: null,
      error: late ? `no answer within ${timeoutMs} ms` : errorText(error),
      retryable: !(error instanceof TypeError),
    };
  }
}
