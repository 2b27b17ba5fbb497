import { AitoError, newToken, sha256, wellFormed } from "@aito/base";
import { loginLinkMinutes, type SignInView } from "@aito/protocol";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { lockOperator, type OperatorRow, selectFirstOwner, selectOperator } from "./accounts/queries.ts";
import {
  addressMax,
  auditName,
  type Caller,
  machineOwner,
  requireOwn,
  scopesOf,
  type SessionCaller,
  userAgentMax,
  type Whence,
} from "./caller.ts";
import {
  insertLoginLink,
  insertOperatorSession,
  hasOpenLoginLink,
  revokeSessionRow,
  sawSession,
  selectSession,
  selectSessions,
  type SessionRow,
  spendLoginLink,
} from "./queries.ts";
import { limitLinks } from "./sign-in/attempts.ts";

export const sessionHours = 12;
/** How old "last seen" may be. */
const seenEveryMs = 60_000;

/**
 * Makes a one-time login link's token; only its hash is stored. `operator`: whom it lets in; without a name the first owner, or the
 * machine's owner while nobody has an account. Errors: AITO_OPERATOR_UNKNOWN (404), AITO_OPERATOR_DISABLED (409).
 */
export async function newLoginLink(
  deps: CompanyDeps,
  input: { by: string; operator?: string | undefined },
): Promise<{ token: string; expiresAt: Date }> {
  return await transact(deps, async (unit) => {
    const operator = input.operator === undefined ? null : await knownOperator(unit, input.operator);
    if (operator?.disabled_at) {
      throw new AitoError("AITO_OPERATOR_DISABLED", `the operator "${operator.name}" is disabled`, {
        hint: `let them in again with: aito operators reset ${operator.name}`,
        status: 409,
      });
    }
    return await loginLinkIn(unit, { by: input.by, operator });
  });
}

export async function loginLinkIn(
  unit: Unit,
  { by, operator }: { by: string; operator: Pick<OperatorRow, "id" | "name"> | null },
): Promise<{ token: string; expiresAt: Date }> {
  const token = newToken("login");
  const expiresAt = new Date(unit.now.getTime() + loginLinkMinutes * 60_000);
  await insertLoginLink(unit, { id: unit.newId(), tokenHash: sha256(token), by, operatorId: operator?.id ?? null, expiresAt });
  const payload = { expiresAt: expiresAt.toISOString(), ...(operator ? { for: auditName(operator.name) } : {}) };
  await unit.event({ type: "operator.login_link", source: by, payload });
  return { token, expiresAt };
}

export async function knownOperator(unit: Unit, name: string): Promise<OperatorRow> {
  const operator = await lockOperator(unit, name);
  if (operator) return operator;
  throw new AitoError("AITO_OPERATOR_UNKNOWN", `there is no operator "${name}"`, {
    hint: "see them with: aito operators list",
    status: 404,
  });
}

/** Whether a link would work now: it is there, not used, and has not expired. Asking does not spend it. */
export async function loginLinkWorks(deps: CompanyDeps, token: string): Promise<boolean> {
  return await deps.db.transaction({ companyId: deps.companyId }, (tx) => hasOpenLoginLink(tx, sha256(token)));
}

/**
 * Trades a link for a session. Errors: AITO_LOGIN_LINK (401) for one that is unknown, used or expired, or whose operator is disabled;
 * AITO_SIGN_IN_RATE (429) after too many of these from one address.
 */
export async function useLoginLink(
  deps: CompanyDeps,
  token: string,
  whence: Whence = { address: "", userAgent: "" },
): Promise<{ session: string; expiresAt: Date }> {
  const settle = await limitLinks(deps, whence.address);
  const opened = await transact(deps, async (unit) => {
    const link = await spendLoginLink(unit, sha256(token));
    const operator = link?.operator_id ? await selectOperator(unit, { id: link.operator_id }) : await selectFirstOwner(unit);
    if (!link || operator?.disabled_at) {
      throw new AitoError("AITO_LOGIN_LINK", "this login link was used, has expired, or never was one", {
        hint: "print a new one with: ./scripts/aito login",
        status: 401,
      });
    }
    return await openSession(unit, { operator, how: "link", whence });
  });
  await settle();
  return opened;
}

export async function openSession(
  unit: Unit,
  { operator, how, whence }: { operator: Pick<OperatorRow, "id" | "name"> | null; how: "link" | "password"; whence: Whence },
): Promise<{ session: string; expiresAt: Date }> {
  const session = newToken("session");
  const expiresAt = new Date(unit.now.getTime() + sessionHours * 3_600_000);
  const name = operator ? auditName(operator.name) : machineOwner;
  const address = whence.address.slice(0, addressMax);
  const userAgent = wellFormed(whence.userAgent).slice(0, userAgentMax);
  const id = unit.newId();
  const row = {
    id,
    tokenHash: sha256(session),
    operator: name,
    operatorId: operator?.id ?? null,
    how,
    address,
    userAgent,
    expiresAt,
  };
  await insertOperatorSession(unit, row);
  await unit.event({ type: "operator.login", source: name, payload: { how, address, session: id } });
  return { session, expiresAt };
}

/** A standing session and its operator, as `aito_operator_session` of the migrations answers it. */
interface StandingSession {
  id: string;
  operator: string;
  operator_id: string | null;
  how: SessionCaller["how"];
  address: string;
  last_seen_at: string;
  role: SessionCaller["role"] | null;
  set_up_at: string | null;
}

/** Who a browser is; null for an unknown, expired or revoked session, and for one whose operator was disabled. Asked for each request. */
export async function operatorSession(
  deps: CompanyDeps,
  session: string,
  whence: Whence = { address: "", userAgent: "" },
): Promise<SessionCaller | null> {
  const row = await deps.db.call<StandingSession | null>(deps.companyId, "aito_operator_session", { hash: sha256(session) });
  if (!row) return null;
  if (deps.clock.now().getTime() - Date.parse(row.last_seen_at) > seenEveryMs) {
    const address = whence.address.slice(0, addressMax) || row.address;
    await deps.db.transaction({ companyId: deps.companyId }, (tx) => sawSession(tx, { id: row.id, address }));
  }
  return {
    operator: row.operator,
    operatorId: row.operator_id,
    role: row.role ?? "owner",
    scopes: scopesOf(row.role),
    sessionId: row.id,
    how: row.how,
    account: row.operator_id === null ? "none" : row.set_up_at === null ? "invited" : "active",
  };
}

/** One's own, or everybody's for who may judge others; newest first. */
export async function listSessions(
  deps: CompanyDeps,
  caller: Caller & { sessionId?: string },
  page: { limit: number; before?: string | undefined; all: boolean },
): Promise<SignInView[]> {
  const of = page.all && caller.scopes.includes("operators") ? undefined : caller.operatorId;
  return await transact(deps, async (unit) =>
    (await selectSessions(unit, { ...page, of })).map((row) => viewOf(row, unit.now, caller.sessionId)),
  );
}

/** Ends one's own session, or anybody's for who may judge others. Error: AITO_SESSION_UNKNOWN (404). */
export async function revokeSession(deps: CompanyDeps, id: string, caller: Caller & { sessionId?: string }): Promise<SignInView> {
  const missing = new AitoError("AITO_SESSION_UNKNOWN", "there is no such session", {
    hint: "see them with: aito sessions list",
    status: 404,
  });
  return await transact(deps, async (unit) => {
    const row = await selectSession(unit, id);
    if (!row) throw missing;
    requireOwn(caller, row.operator_id, missing);
    if (await revokeSessionRow(unit, id)) {
      const type = id === caller.sessionId ? "operator.logout" : "operator.session_revoked";
      await unit.event({ type, source: caller.operator, payload: { session: id, of: row.operator } });
    }
    return viewOf((await selectSession(unit, id))!, unit.now, caller.sessionId);
  });
}

const viewOf = (row: SessionRow, now: Date, current: string | undefined): SignInView => ({
  id: row.id,
  operator: row.operator,
  how: row.how,
  address: row.address,
  userAgent: row.user_agent,
  createdAt: row.created_at.toISOString(),
  lastSeenAt: row.last_seen_at.toISOString(),
  expiresAt: row.expires_at.toISOString(),
  status: row.revoked_at || row.disabled_at ? "revoked" : row.expires_at <= now ? "expired" : "active",
  current: row.id === current,
});
