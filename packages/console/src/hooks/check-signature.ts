import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { sha256 } from "@aito/base";
import type { HookScheme } from "@aito/protocol";
import { Webhooks } from "@octokit/webhooks";

/** How far a timestamp may lie from our clock. */
const toleranceMs = 300_000;
const idCharactersMax = 200;
const eventCharactersMax = 100;
const signaturesMax = 10;
/** Held against where there is no secret, so that the answer takes as long. */
const nobody = randomBytes(32).toString("hex");

export type HookHeaders = Readonly<Record<string, string | string[] | undefined>>;

export type HookCheck =
  | { ok: true; scheme: HookScheme; deliveryId: string; event: string | null; proof: string }
  /** `signed`: whoever sent it holds the secret, and may know why. */
  | { ok: false; why: "unsigned" | "wrong signature" | "no delivery id" | "old timestamp"; signed: boolean };

interface Checked {
  secrets: readonly string[];
  headers: HookHeaders;
  /** As it came: that is what was signed. */
  body: Buffer;
  now: Date;
}

const headerOf = (headers: HookHeaders, name: string): string => {
  const value = headers[name];
  return typeof value === "string" ? value : "";
};

/** Whether this was signed with one of the secrets, by the scheme that its headers name. */
export async function checkSignature(given: Checked): Promise<HookCheck> {
  if (headerOf(given.headers, "webhook-signature") !== "") return checkStandard(given);
  return await checkGithub(given);
}

async function checkGithub({ secrets, headers, body }: Checked): Promise<HookCheck> {
  const signature = headerOf(headers, "x-hub-signature-256");
  if (signature === "") return { ok: false, why: "unsigned", signed: false };
  const text = body.toString("utf8");
  const wellFormed = /^sha256=[0-9a-f]{64}$/.test(signature);
  const held = secrets.length === 0 ? [nobody] : secrets;
  const good = await Promise.all(
    held.map(async (secret) => wellFormed && text !== "" && (await new Webhooks({ secret }).verify(text, signature))),
  );
  if (secrets.length === 0 || !good.includes(true)) return { ok: false, why: "wrong signature", signed: false };
  const deliveryId = headerOf(headers, "x-github-delivery");
  if (!isId(deliveryId)) return { ok: false, why: "no delivery id", signed: true };
  const event = headerOf(headers, "x-github-event").slice(0, eventCharactersMax);
  return { ok: true, scheme: "github", deliveryId, event: event || null, proof: sha256(text) };
}

/** Standard Webhooks: `v1,<base64>` over `id.timestamp.body`, several with spaces between them. */
function checkStandard({ secrets, headers, body, now }: Checked): HookCheck {
  const deliveryId = headerOf(headers, "webhook-id");
  const timestamp = headerOf(headers, "webhook-timestamp");
  const signed = Buffer.concat([Buffer.from(`${deliveryId}.${timestamp}.`), body]);
  const given = headerOf(headers, "webhook-signature").split(" ", signaturesMax);
  const held = secrets.length === 0 ? [nobody] : secrets;
  const good = held.some((secret) => {
    const right = Buffer.from(`v1,${createHmac("sha256", keyOf(secret)).update(signed).digest("base64")}`);
    return given.some((one) => {
      const bytes = Buffer.from(one);
      return bytes.byteLength === right.byteLength && timingSafeEqual(bytes, right);
    });
  });
  if (secrets.length === 0 || !good) return { ok: false, why: "wrong signature", signed: false };
  if (!isId(deliveryId)) return { ok: false, why: "no delivery id", signed: true };
  const late = Math.abs(now.getTime() - Number(timestamp) * 1_000) > toleranceMs;
  if (!/^\d{1,12}$/.test(timestamp) || late) return { ok: false, why: "old timestamp", signed: true };
  const proof = sha256(`${deliveryId}.${timestamp}.${sha256(body.toString("base64"))}`);
  return { ok: true, scheme: "standard", deliveryId, event: null, proof };
}

const isId = (id: string): boolean => /^[\x21-\x7e]+$/.test(id) && id.length <= idCharactersMax;

/** What signs: of a Standard Webhooks secret what its text encodes, of another one its text. */
export const keyOf = (secret: string): Buffer =>
  secret.startsWith("whsec_") ? Buffer.from(secret.slice("whsec_".length), "base64") : Buffer.from(secret, "utf8");
