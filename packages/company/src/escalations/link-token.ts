import { createHmac } from "node:crypto";

/**
 * The token of an escalation's n-th link: HMAC-SHA256 under the link key, so that the address can be shown again without the
 * database ever holding it (there stands only its hash).
 */
export const linkToken = (linkKey: string, escalationId: string, number: number): string =>
  `aito_esc_${createHmac("sha256", linkKey).update(`${escalationId}.${number}`).digest("base64url")}`;

export const linkUrl = (publicUrl: string, token: string): string => `${publicUrl.replace(/\/+$/, "")}/e/${token}`;
