import { AitoError, newToken, sha256 } from "@aito/base";
import { loginLinkMinutes } from "@aito/protocol";
import { type CompanyDeps, transact } from "../company.ts";
import {
  insertLoginLink,
  insertOperatorSession,
  loginLinkState,
  revokeOperatorSession,
  selectOperatorSession,
  spendLoginLink,
} from "./queries.ts";

export const sessionHours = 12;

/** Makes a one-time login link's token; only its hash is stored. */
export async function newLoginLink(deps: CompanyDeps, input: { by: string }): Promise<{ token: string; expiresAt: Date }> {
  const token = newToken("login");
  return await transact(deps, async (unit) => {
    const expiresAt = new Date(unit.now.getTime() + loginLinkMinutes * 60_000);
    await insertLoginLink(unit, { id: unit.newId(), tokenHash: sha256(token), by: input.by, expiresAt });
    await unit.event({ type: "operator.login_link", source: input.by, payload: { expiresAt: expiresAt.toISOString() } });
    return { token, expiresAt };
  });
}

/** Whether a link would work, without spending it (GET changes nothing). */
export async function checkLoginLink(deps: CompanyDeps, token: string): Promise<"usable" | "used" | "expired" | "unknown"> {
  return await transact(deps, async (unit) => {
    const link = await loginLinkState(unit, sha256(token));
    if (!link) return "unknown";
    if (link.used_at) return "used";
    return link.expires_at > unit.now ? "usable" : "expired";
  });
}

/** Trades a link for a session. Error: AITO_LOGIN_LINK (401) for one that is unknown, used or expired. */
export async function useLoginLink(deps: CompanyDeps, token: string): Promise<{ session: string; expiresAt: Date }> {
  const session = newToken("session");
  return await transact(deps, async (unit) => {
    if (!(await spendLoginLink(unit, sha256(token)))) {
      throw new AitoError("AITO_LOGIN_LINK", "this login link was used, has expired, or never was one", {
        hint: "print a new one with: ./scripts/aito login",
        status: 401,
      });
    }
    const expiresAt = new Date(unit.now.getTime() + sessionHours * 3_600_000);
    await insertOperatorSession(unit, { id: unit.newId(), tokenHash: sha256(session), operator: "operator", expiresAt });
    await unit.event({ type: "operator.login", source: "operator", payload: {} });
    return { session, expiresAt };
  });
}

export async function operatorSession(deps: CompanyDeps, session: string): Promise<{ operator: string } | null> {
  const row = await deps.db.transaction({ companyId: deps.companyId }, (tx) => selectOperatorSession(tx, sha256(session)));
  return row ? { operator: row.operator } : null;
}

export async function revokeSession(deps: CompanyDeps, session: string): Promise<void> {
  await transact(deps, async (unit) => {
    await revokeOperatorSession(unit, sha256(session));
    await unit.event({ type: "operator.logout", source: "operator", payload: {} });
  });
}
