import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** A fresh 256-bit secret as `aito_<kind>_<base64url>`; the prefix lets redaction and scanners recognise it. */
export const newToken = (kind: string): string => `aito_${kind}_${randomBytes(32).toString("base64url")}`;

/** SHA-256 in hex: how every token is kept at rest (256 random bits need no slow hash). */
export const sha256 = (text: string | Uint8Array): string => createHash("sha256").update(text).digest("hex");

/** Equality in constant time, for hashes of equal length. */
export function sameHash(a: string, b: string): boolean {
  const left = Buffer.from(a);
  const right = Buffer.from(b);
  return left.length === right.length && timingSafeEqual(left, right);
}
