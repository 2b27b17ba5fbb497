import { expect, test } from "vitest";
import { checkProof, newProofKey, proofAgeMsMax, readProofKey } from "./session-proof.ts";

const now = new Date("2026-03-02T09:00:00Z");
const asked = { method: "POST", path: "/agent/poll?x=1", session: "aito_ses_a" };

test("Y03 a proof holds for its key, request and time, and for nothing else", () => {
  const key = newProofKey();
  const header = key.prove(asked, now);
  const later = (ms: number): Date => new Date(now.getTime() + ms);
  expect(checkProof(key.publicKey, header, asked, later(proofAgeMsMax))).toBe(true);
  expect(checkProof(key.publicKey, header, asked, later(proofAgeMsMax + 1))).toBe(false);
  expect(checkProof(key.publicKey, header, asked, later(-proofAgeMsMax - 1))).toBe(false);
  expect(checkProof(newProofKey().publicKey, header, asked, now)).toBe(false);
  for (const other of [{ method: "GET" }, { path: "/agent/poll" }, { session: "aito_ses_b" }]) {
    expect(checkProof(key.publicKey, header, { ...asked, ...other }, now)).toBe(false);
  }
  for (const odd of [undefined, "", "1", "1.a", `${now.getTime()}.${"A".repeat(86)}`, ["x"], header.replace(/^\d+/, "1")]) {
    expect(checkProof(key.publicKey, odd, asked, now)).toBe(false);
  }
});

test("a text that is no Ed25519 key is none", () => {
  for (const odd of ["", "a", "A".repeat(59), Buffer.from("hello").toString("base64url")]) expect(readProofKey(odd)).toBeNull();
});
