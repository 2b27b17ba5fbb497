import { expect, test } from "vitest";
import { signWebhook, verifyWebhook, webhookHeaders } from "./signature.ts";

const now = new Date("2026-03-02T09:00:00Z");
const timestamp = String(now.getTime() / 1000);
const headersOf = (secret: string | string[]) => ({
  [webhookHeaders.timestamp]: timestamp,
  [webhookHeaders.signature]: signWebhook({ secret, timestamp, body: "{}" }),
});
const verify = (secret: string | string[], signedWith: string | string[]) =>
  verifyWebhook({ secret, headers: headersOf(signedWith), body: "{}", now });

test("O16 while two keys are live both sign, so that a receiver verifies before, during and after the change of its own", () => {
  const rotating = ["new secret", "old secret"];
  expect(headersOf(rotating)[webhookHeaders.signature].split(",")).toHaveLength(2);
  expect([verify("old secret", rotating), verify("new secret", rotating), verify(rotating, "old secret")]).toEqual([
    true,
    true,
    true,
  ]);
  expect([verify("old secret", "new secret"), verify("another", rotating), verify(["x", "y"], rotating)]).toEqual([
    false,
    false,
    false,
  ]);
});

test("O16 more signatures or secrets than two live ones are not looked at", () => {
  const right = signWebhook({ secret: "s", timestamp, body: "{}" });
  const headers = { [webhookHeaders.timestamp]: timestamp, [webhookHeaders.signature]: `sha256=0,sha256=1,${right}` };
  expect(verifyWebhook({ secret: "s", headers, body: "{}", now })).toBe(false);
  expect(verify(["a", "b", "s"], "s")).toBe(false);
});
