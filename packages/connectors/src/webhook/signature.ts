import { createHmac } from "node:crypto";
import { sameHash } from "@aito/base";

/** Names of the headers that a signed webhook carries. */
export const webhookHeaders = {
  timestamp: "x-aito-timestamp",
  signature: "x-aito-signature",
  eventId: "x-aito-event-id",
} as const;

/** How far a webhook's timestamp may lie from the receiver's clock; older ones may be replays. */
export const webhookToleranceSecondsMax = 300;

/** `sha256=<hex>`: HMAC-SHA256 with the shared secret over `<timestamp>.<raw body>`; `timestamp` is Unix seconds as text. */
export function signWebhook(input: { secret: string; timestamp: string; body: string }): string {
  return `sha256=${createHmac("sha256", input.secret).update(`${input.timestamp}.${input.body}`).digest("hex")}`;
}

/**
 * What a receiver does with a request before it trusts it. `body` is the raw text as received, before any parsing. False for a
 * missing or wrong signature and for a timestamp further than `toleranceSeconds` from `now`.
 */
export function verifyWebhook(input: {
  secret: string;
  headers: Record<string, string | string[] | undefined>;
  body: string;
  now: Date;
  toleranceSeconds?: number;
}): boolean {
  const timestamp = input.headers[webhookHeaders.timestamp];
  const signature = input.headers[webhookHeaders.signature];
  if (typeof timestamp !== "string" || typeof signature !== "string" || !/^\d{1,12}$/.test(timestamp)) return false;
  const ageSeconds = Math.abs(input.now.getTime() / 1000 - Number(timestamp));
  if (ageSeconds > (input.toleranceSeconds ?? webhookToleranceSecondsMax)) return false;
  return sameHash(signature, signWebhook({ secret: input.secret, timestamp, body: input.body }));
}
