import { createHmac } from "node:crypto";
import { Webhooks } from "@octokit/webhooks";
import { expect, test } from "vitest";
import { checkSignature, type HookHeaders } from "./check-signature.ts";

const secrets = ["the newest secret of all", "the secret before that one"];
const now = new Date("2026-11-21T12:00:00Z");
const body = Buffer.from('{"zen":"Ümlaut ✓"}');
const check = (headers: HookHeaders, given: Buffer = body, held: readonly string[] = secrets) =>
  checkSignature({ secrets: held, headers, body: given, now });

const github = async (secret: string, more: Record<string, string> = {}): Promise<Record<string, string>> => ({
  "x-hub-signature-256": await new Webhooks({ secret }).sign(body.toString()),
  "x-github-delivery": "5b1c3a2e",
  "x-github-event": "issues",
  ...more,
});

function standard(secret: string | Buffer, more: { id?: string; at?: Date; text?: Buffer } = {}): Record<string, string> {
  const { id = "msg_1", at = now, text = body } = more;
  const timestamp = String(Math.floor(at.getTime() / 1_000));
  const signed = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), text]);
  const signature = createHmac("sha256", secret).update(signed).digest("base64");
  return { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": `v1,${signature}` };
}

test("X23 what GitHub signs with any live secret is taken, and nothing else", async () => {
  for (const secret of secrets) {
    expect(await check(await github(secret))).toMatchObject({
      ok: true,
      scheme: "github",
      deliveryId: "5b1c3a2e",
      event: "issues",
    });
  }
  const good = await github(secrets[0]!);
  expect(await check(good, Buffer.from('{"zen":"Umlaut"}'))).toMatchObject({ why: "wrong signature", signed: false });
  expect(await check(await github("somebody else's own secret"))).toMatchObject({ why: "wrong signature", signed: false });
  expect(await check(good, body, [])).toMatchObject({ why: "wrong signature", signed: false });
  for (const broken of ["sha256=", "sha1=abc", good["x-hub-signature-256"]!.toUpperCase(), "sha256=" + "0".repeat(64), "x"]) {
    expect(await check({ ...good, "x-hub-signature-256": broken })).toMatchObject({ ok: false, signed: false });
  }
  expect(await check({ ...good, "x-hub-signature-256": [good["x-hub-signature-256"]!, "x"] })).toMatchObject({ why: "unsigned" });
  expect(await check({})).toMatchObject({ why: "unsigned", signed: false });
  expect(await check({ ...good, "x-github-delivery": "" })).toMatchObject({ why: "no delivery id", signed: true });
  expect(await check({ ...good, "x-github-delivery": "a b" })).toMatchObject({ why: "no delivery id", signed: true });
});

test("X23 the same signed bytes are the same delivery, whatever id is written on them", async () => {
  const first = await check(await github(secrets[0]!));
  const again = await check(await github(secrets[1]!, { "x-github-delivery": "another" }));
  if (!first.ok || !again.ok) throw new Error("both are signed");
  expect(again.proof).toBe(first.proof);
});

test("X23 Standard Webhooks: id, time and body are signed, several signatures, secrets as text or base64, within five minutes", async () => {
  expect(await check(standard(secrets[1]!))).toMatchObject({ ok: true, scheme: "standard", deliveryId: "msg_1", event: null });
  const raw = Buffer.from("0123456789abcdef0123456789abcdef");
  expect(await check(standard(raw), body, [`whsec_${raw.toString("base64")}`])).toMatchObject({ ok: true });
  const good = standard(secrets[0]!);
  const both = { ...good, "webhook-signature": `v1a,AAAA v1,${"A".repeat(44)} ${good["webhook-signature"]!}` };
  expect(await check(both)).toMatchObject({ ok: true });
  for (const changed of [{ "webhook-id": "msg_2" }, { "webhook-timestamp": "1763726401" }, { "webhook-signature": "v1,AAAA" }]) {
    expect(await check({ ...good, ...changed })).toMatchObject({ why: "wrong signature", signed: false });
  }
  for (const awayMs of [-301_000, 301_000]) {
    const old = standard(secrets[0]!, { at: new Date(now.getTime() + awayMs) });
    expect(await check(old)).toMatchObject({ why: "old timestamp", signed: true });
  }
  expect(await check(standard(secrets[0]!, { at: new Date(now.getTime() - 299_000) }))).toMatchObject({ ok: true });
  expect(await check(good, body, [])).toMatchObject({ why: "wrong signature", signed: false });
  const proofs = await Promise.all([
    check(good),
    check(standard(secrets[0]!, { id: "msg_2" })),
    check(standard(secrets[0]!, { text: Buffer.from("{}") }), Buffer.from("{}")),
  ]);
  expect(new Set(proofs.map((one) => (one.ok ? one.proof : "none"))).size).toBe(3);
});
