import { AitoError, newToken, sha256 } from "@aito/base";
import type { ApiKeyView, NewApiKey } from "@aito/protocol";
import { type CompanyDeps, transact } from "../../company.ts";
import { auditName, type Caller, machineOwner, requireOwn, scopesOf } from "../caller.ts";
import { knownOperator } from "../login.ts";
import {
  type ApiKeyRow,
  countStandingApiKeys,
  insertApiKey,
  revokeApiKeyRow,
  selectApiKey,
  selectApiKeys,
  selectStandingApiKey,
  usedApiKey,
} from "./queries.ts";

export const apiKeysPerOperatorMax = 50;
const usedEveryMs = 60_000;

/**
 * A key for the operator API; only its hash is stored, and it is told once. It can do no more than who makes it, and never more than its
 * operator's role allows at the time. Errors: AITO_API_KEY_SCOPE (403), AITO_API_KEYS_MANY (409), AITO_OPERATOR_UNKNOWN (404).
 */
export async function createApiKey(
  deps: CompanyDeps,
  input: NewApiKey,
  caller: Caller,
): Promise<{ key: string; view: ApiKeyView }> {
  const key = newToken("api");
  const scopes = [...new Set(input.scopes)];
  return await transact(deps, async (unit) => {
    const other = input.operator === undefined ? null : await knownOperator(unit, input.operator);
    const operatorId = other?.id ?? caller.operatorId;
    const allowed = other ? scopesOf(other.role).filter((scope) => caller.scopes.includes(scope)) : caller.scopes;
    const over = scopes.filter((scope) => !allowed.includes(scope));
    if (over.length > 0 || (operatorId !== caller.operatorId && !caller.scopes.includes("operators"))) {
      throw new AitoError(
        "AITO_API_KEY_SCOPE",
        `a key cannot have more than its operator may: ${over.join(", ") || "not yours"}`,
        {
          hint: `allowed here: ${allowed.join(", ")}`,
          status: 403,
        },
      );
    }
    if ((await countStandingApiKeys(unit, operatorId)) >= apiKeysPerOperatorMax) {
      throw new AitoError("AITO_API_KEYS_MANY", `${apiKeysPerOperatorMax} API keys of one operator stand already`, {
        hint: "revoke one with: aito api-keys revoke ID",
        status: 409,
      });
    }
    const id = unit.newId();
    const expiresAt = new Date(unit.now.getTime() + input.expiresInHours * 3_600_000);
    await insertApiKey(unit, { id, operatorId, name: input.name, keyHash: sha256(key), scopes, by: caller.operator, expiresAt });
    const view = toView((await selectApiKey(unit, id))!, unit.now);
    const payload = { key: id, name: input.name, of: view.operator, scopes, expiresAt: expiresAt.toISOString() };
    await unit.event({ type: "api_key.created", source: caller.operator, payload });
    return { key, view };
  });
}

/** One's own, or everybody's for who may judge others; newest first. */
export async function listApiKeys(
  deps: CompanyDeps,
  caller: Caller,
  page: { limit: number; before?: string | undefined; all: boolean },
): Promise<ApiKeyView[]> {
  const of = page.all && caller.scopes.includes("operators") ? undefined : caller.operatorId;
  return await transact(deps, async (unit) => (await selectApiKeys(unit, { ...page, of })).map((row) => toView(row, unit.now)));
}

/** Refused from the next request on. Error: AITO_API_KEY_UNKNOWN (404), for those of others too. */
export async function revokeApiKey(deps: CompanyDeps, id: string, caller: Caller): Promise<ApiKeyView> {
  const missing = new AitoError("AITO_API_KEY_UNKNOWN", "there is no such API key", {
    hint: "see them with: aito api-keys list",
    status: 404,
  });
  return await transact(deps, async (unit) => {
    const row = await selectApiKey(unit, id);
    if (!row) throw missing;
    requireOwn(caller, row.operator_id, missing);
    if (await revokeApiKeyRow(unit, id)) {
      const payload = { key: id, name: row.name, of: nameOf(row) };
      await unit.event({ type: "api_key.revoked", source: caller.operator, payload });
    }
    return toView((await selectApiKey(unit, id))!, unit.now);
  });
}

/** Who a key speaks for; null for one that is unknown, expired or revoked, or whose operator was disabled. */
export async function apiKeyCaller(deps: CompanyDeps, key: string): Promise<Caller | null> {
  return await deps.db.transaction({ companyId: deps.companyId }, async (tx) => {
    const row = await selectStandingApiKey(tx, sha256(key));
    if (!row) return null;
    if (row.last_used_at === null || tx.now.getTime() - row.last_used_at.getTime() > usedEveryMs) await usedApiKey(tx, row.id);
    const scopes = scopesOf(row.role).filter((scope) => row.scopes.includes(scope));
    return { operator: nameOf(row), operatorId: row.operator_id, role: row.role ?? "owner", scopes };
  });
}

const nameOf = (row: ApiKeyRow): string => (row.operator_name === null ? machineOwner : auditName(row.operator_name));

const toView = (row: ApiKeyRow, now: Date): ApiKeyView => ({
  id: row.id,
  name: row.name,
  operator: nameOf(row),
  scopes: row.scopes,
  status: row.revoked_at || row.disabled_at ? "revoked" : row.expires_at <= now ? "expired" : "active",
  createdBy: row.created_by,
  createdAt: row.created_at.toISOString(),
  expiresAt: row.expires_at.toISOString(),
  revokedAt: row.revoked_at?.toISOString() ?? null,
  lastUsedAt: row.last_used_at?.toISOString() ?? null,
});
