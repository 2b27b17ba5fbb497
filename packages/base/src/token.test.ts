import { expect, test } from "vitest";
import { newToken, sameHash, sha256 } from "./token.ts";

test("tokens carry their kind and 256 random bits", () => {
  const tokens = Array.from({ length: 1_000 }, () => newToken("run"));
  expect(new Set(tokens).size).toBe(1_000);
  for (const token of tokens) expect(token).toMatch(/^aito_run_[A-Za-z0-9_-]{43}$/);
});

test("hashes are compared whole", () => {
  expect(sameHash(sha256("a"), sha256("a"))).toBe(true);
  expect(sameHash(sha256("a"), sha256("b"))).toBe(false);
  expect(sameHash(sha256("a"), "")).toBe(false);
});
