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

/** Live keys at a time: the newest, and the one before it until every receiver knows the newest. */
export const webhookSecretsMax = 2;
const list = (secret: string | string[]): string[] => (Array.isArray(secret) ? secret : [secret]).slice(0, webhookSecretsMax);

/**
 * `sha256=<hex>`: HMAC-SHA256 with the shared secret over `<timestamp>.<raw body>`; `timestamp` is Unix seconds as text. With two
 * secrets both signatures, the newest first, separated by a comma.
 */
export function signWebhook(input: { secret: string | string[]; timestamp: string; body: string }): string {
  const sign = (secret: string): string =>
    `sha256=${createHmac("sha256", secret).update(`${input.timestamp}.${input.body}`).digest("hex")}`;
  return list(input.secret).map(sign).join(",");
}

/**
 * What a receiver does with a request before it trusts it. `body` is the raw text as received, before any parsing. True when one
 * of the signatures was made with one of the receiver's secrets (two while it rotates its own). False for a missing or wrong one and for a timestamp further than `toleranceSeconds` from `now`.
 */
export function verifyWebhook(input: {
  secret: string | string[];
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
  const given = signature.split(",", webhookSecretsMax).map((text) => text.trim());
  const right = list(input.secret).map((secret) => signWebhook({ secret, timestamp, body: input.body }));
  return given.some((one) => right.some((other) => sameHash(one, other)));
}
