import { AitoError, newToken, sha256 } from "@aito/base";
import { channels, type GatewayKeyView, type NewGatewayKey, type RotateGatewayKey, usdToMicro } from "@aito/protocol";
import { placeBudget } from "../budgets/queries.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { insertKey, type KeyRow, lockStandingKey, markRevoked, rotateKey, selectKey, selectKeys, useKey } from "./queries.ts";

/** Who calls models with a key from outside. */
export interface KeyHolder {
  id: string;
  name: string;
  /** Models that it may ask for; null: all that have a price. */
  models: string[] | null;
}

/**
 * A new key with its own budget; only its hash is stored, and it is told once. A name stands for one key at a time: revoke the old
 * one first, or give the new one another name and have both for a while. Error: AITO_KEY_NAME_TAKEN (409).
 */
export async function createGatewayKey(
  deps: CompanyDeps,
  input: NewGatewayKey,
  by: string,
): Promise<{ key: string; view: GatewayKeyView }> {
  const key = newToken("key");
  return await transact(deps, async (unit) => {
    if (await lockStandingKey(unit, input.name)) {
      throw new AitoError("AITO_KEY_NAME_TAKEN", `there is a key "${input.name}" already`, {
        hint: `revoke it with: aito keys revoke ${input.name}   or choose another name`,
        status: 409,
      });
    }
    const id = unit.newId();
    const expiresAt = new Date(unit.now.getTime() + input.expiresInHours * 3_600_000);
    await insertKey(unit, { id, name: input.name, keyHash: sha256(key), models: input.models, by, expiresAt });
    const capMicroUsd = usdToMicro(input.budgetUsd);
    await placeBudget(unit, {
      id: unit.newId(),
      scope: "key",
      target: id,
      period: "total",
      capMicroUsd,
      softPercent: 80,
      timeZone: "UTC",
      source: "key",
    });
    await unit.event({
      type: "key.created",
      source: by,
      payload: { key: id, name: input.name, budgetMicroUsd: capMicroUsd.toString(), expiresAt: expiresAt.toISOString() },
    });
    return { key, view: toView((await selectKey(unit, id))!, unit.now) };
  });
}

/** All keys, newest first, the ended ones too. */
export async function listGatewayKeys(deps: CompanyDeps): Promise<GatewayKeyView[]> {
  return await transact(deps, async (unit) => (await selectKeys(unit)).map((row) => toView(row, unit.now)));
}

/**
 * A new secret for the same key and budget; the one before it works for `overlapMinutes` more, so that a program can be changed over
 * without a failed call. Error: AITO_KEY_UNKNOWN (404).
 */
export async function rotateGatewayKey(
  deps: CompanyDeps,
  input: { name: string } & RotateGatewayKey,
  by: string,
): Promise<{ key: string; view: GatewayKeyView }> {
  const key = newToken("key");
  return await transact(deps, async (unit) => {
    const { id } = await standingKey(unit, input.name);
    const oldUntil = new Date(unit.now.getTime() + input.overlapMinutes * 60_000);
    const expiresAt = new Date(unit.now.getTime() + input.expiresInHours * 3_600_000);
    await rotateKey(unit, { id, keyHash: sha256(key), oldUntil, expiresAt });
    await unit.event({
      type: "key.rotated",
      source: by,
      payload: { key: id, name: input.name, oldUntil: oldUntil.toISOString(), expiresAt: expiresAt.toISOString() },
    });
    await unit.ring(channels.switches, { key: id });
    return { key, view: toView((await selectKey(unit, id))!, unit.now) };
  });
}

/** From now on the key is refused. By name. Error: AITO_KEY_UNKNOWN (404). */
export async function revokeGatewayKey(deps: CompanyDeps, name: string, by: string): Promise<GatewayKeyView> {
  return await transact(deps, async (unit) => {
    const standing = await standingKey(unit, name);
    await markRevoked(unit, standing.id);
    await unit.event({ type: "key.revoked", source: by, payload: { key: standing.id, name } });
    // Gateways believe a key for a moment.
    await unit.ring(channels.switches, { key: standing.id });
    return toView((await selectKey(unit, standing.id))!, unit.now);
  });
}

/** Who this key belongs to. Error: AITO_KEY_INVALID (401) for one that is unknown, expired or revoked: a guesser learns nothing. */
export async function keyHolder(deps: CompanyDeps, key: string): Promise<KeyHolder> {
  const holder = await transact(deps, (unit) => useKey(unit, sha256(key)));
  if (holder) return holder;
  throw new AitoError("AITO_KEY_INVALID", "this key is unknown, expired or revoked", {
    hint: "make a new one with: aito keys create",
    status: 401,
  });
}

async function standingKey(unit: Unit, name: string): Promise<{ id: string }> {
  const standing = await lockStandingKey(unit, name);
  if (standing) return standing;
  throw new AitoError("AITO_KEY_UNKNOWN", `no key "${name}" works`, { hint: "see them with: aito keys list", status: 404 });
}

const toView = (row: KeyRow, now: Date): GatewayKeyView => ({
  id: row.id,
  name: row.name,
  status: row.revoked_at ? "revoked" : row.expires_at <= now ? "expired" : "active",
  budgetMicroUsd: row.cap_micro_usd.toString(),
  usedMicroUsd: row.used_micro_usd.toString(),
  models: row.models,
  createdBy: row.created_by,
  createdAt: row.created_at.toISOString(),
  expiresAt: row.expires_at.toISOString(),
  revokedAt: row.revoked_at?.toISOString() ?? null,
  lastUsedAt: row.last_used_at?.toISOString() ?? null,
});
