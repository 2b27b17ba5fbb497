import { createHash, createPrivateKey, createPublicKey, hkdfSync, type KeyObject, sign, verify } from "node:crypto";

/** Signs receipts. Only the gateway has one; whoever has the public key can check what it signed. */
export interface ReceiptSigner {
  /** The first characters of the public key's SHA-256. */
  keyId: string;
  /** Ed25519, SPKI as base64url. */
  publicKey: string;
  sign(text: string): string;
}

/** What stands before the 32 bytes of an Ed25519 seed in PKCS #8 (RFC 8410). */
const pkcs8Head = Buffer.from("302e020100300506032b657004220420", "hex");

/** The signer of a gateway's receipt key: the same secret gives the same key pair, on every replica and after every restart. */
export function receiptSigner(receiptKey: string): ReceiptSigner {
  const seed = Buffer.from(hkdfSync("sha256", receiptKey, "", "aito receipts ed25519", 32));
  const key = createPrivateKey({ key: Buffer.concat([pkcs8Head, seed]), format: "der", type: "pkcs8" });
  const publicKey = createPublicKey(key).export({ format: "der", type: "spki" }).toString("base64url");
  return { keyId: keyIdOf(publicKey), publicKey, sign: (text) => sign(null, Buffer.from(text), key).toString("base64url") };
}

export const keyIdOf = (publicKey: string): string => createHash("sha256").update(publicKey).digest("hex").slice(0, 16);

/** False for anything that is not this key's signature of exactly this text. */
export function isSignedBy(publicKey: string, text: string, signature: string): boolean {
  let key: KeyObject;
  try {
    key = createPublicKey({ key: Buffer.from(publicKey, "base64url"), format: "der", type: "spki" });
    return verify(null, Buffer.from(text), key, Buffer.from(signature, "base64url"));
  } catch {
    return false;
  }
}
