import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign, verify } from "node:crypto";

/**
 * Binds a session to the container that said hello: it makes a key pair in its memory, hands over the public half with its one-time
 * token, and signs each request. A session that leaked (a log, another container) is then worth nothing without the key.
 */
export const proofHeader = "x-aito-proof";
/** How old a proof may be; both ends read the clock of one host. */
export const proofAgeMsMax = 60_000;

export interface Asked {
  method: string;
  /** Path and query as they stand in the request. */
  path: string;
  session: string;
}

const signedText = (asked: Asked, atMs: number): Buffer =>
  Buffer.from(`${asked.method.toUpperCase()} ${asked.path}\n${atMs}\n${asked.session}`);

export interface ProofKey {
  /** SPKI, base64url. */
  publicKey: string;
  prove(asked: Asked, at: Date): string;
}

export function newProofKey(): ProofKey {
  const pair = generateKeyPairSync("ed25519", {
    publicKeyEncoding: { type: "spki", format: "der" },
    privateKeyEncoding: { type: "pkcs8", format: "der" },
  });
  const key = createPrivateKey({ key: pair.privateKey, type: "pkcs8", format: "der" });
  return {
    publicKey: pair.publicKey.toString("base64url"),
    prove: (asked, at) => `${at.getTime()}.${sign(null, signedText(asked, at.getTime()), key).toString("base64url")}`,
  };
}

/** The key, or null when the text is none of ours. */
export function readProofKey(publicKey: string): KeyObject | null {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, "base64url"), type: "spki", format: "der" });
    return key.asymmetricKeyType === "ed25519" ? key : null;
  } catch {
    return null;
  }
}

/** Whether the header proves that the holder of the key asked for exactly this, just now. The key as text, or as it was read before. */
export function checkProof(publicKey: string | KeyObject, header: unknown, asked: Asked, now: Date): boolean {
  const parts = typeof header === "string" ? /^(\d{1,15})\.([\w-]{80,100})$/.exec(header) : null;
  const key = parts && (typeof publicKey === "string" ? readProofKey(publicKey) : publicKey);
  if (!parts || !key) return false;
  const atMs = Number(parts[1]);
  if (Math.abs(now.getTime() - atMs) > proofAgeMsMax) return false;
  return verify(null, signedText(asked, atMs), key, Buffer.from(parts[2]!, "base64url"));
}
