import { AitoError, sha256 } from "@aito/base";
import type { NewAccount, SavedAccount } from "@aito/protocol";
import { type CompanyDeps, transact, type Unit } from "../../company.ts";
import { auditName, type SessionCaller } from "../caller.ts";
import { giveSession, revokeSessionsOf } from "../queries.ts";
import { limitAttempts } from "../sign-in/attempts.ts";
import { newRecoveryCodes, newTotpSecret, totpStep, totpUri } from "../sign-in/one-time-codes.ts";
import { hashPassword, passwordMatches } from "../sign-in/passwords.ts";
import { seal, unseal } from "../sign-in/sealed-text.ts";
import { nameTaken, operatorView } from "./operators.ts";
import {
  fillAccount,
  insertOperator,
  type OperatorRow,
  replaceRecoveryCodes,
  selectFirstOwner,
  selectOperator,
} from "./queries.ts";

const draftMinutes = 30;
const draftAbout = (sessionId: string): string => `draft ${sessionId}`;
/** What a stored secret is bound to. */
export const totpAbout = (operatorId: string): string => `totp ${operatorId}`;

/** A secret for the app. Nothing is stored: the draft carries it, sealed for this session, until a code of it comes back. */
export function draftAccount(
  deps: CompanyDeps,
  { linkKey, caller, company }: { linkKey: string; caller: SessionCaller; company: string },
): { draft: string; secret: string; uri: string } {
  const secret = newTotpSecret();
  const until = deps.clock.now().getTime() + draftMinutes * 60_000;
  const draft = seal(linkKey, draftAbout(caller.sessionId), JSON.stringify({ secret, until }));
  return { draft, secret, uri: totpUri({ secret, name: caller.operator.replace(/^@/, ""), company }) };
}

/**
 * Gives the session's operator a password and one-time codes; the machine's owner becomes the first owner by it. Every other session of
 * theirs ends. Who came in by password says it once more. Errors: AITO_ACCOUNT_DRAFT, AITO_ACCOUNT_CODE, AITO_ACCOUNT_NAME (400),
 * AITO_ACCOUNT_PASSWORD (403), AITO_ACCOUNT_EXISTS, AITO_OPERATOR_TAKEN (409), AITO_SIGN_IN_RATE (429).
 */
export async function saveAccount(
  deps: CompanyDeps,
  input: NewAccount,
  { linkKey, caller, address }: { linkKey: string; caller: SessionCaller; address: string },
): Promise<SavedAccount> {
  const secret = secretOf(unseal(linkKey, draftAbout(caller.sessionId), input.draft), deps.clock.now());
  const step = totpStep({ secret, code: input.code, now: deps.clock.now(), after: null });
  if (step === null) {
    throw new AitoError("AITO_ACCOUNT_CODE", "the code is not the one that the app shows now", {
      hint: "is the phone's clock right? Scan the picture again, or wait for the next code",
      status: 400,
    });
  }
  if (caller.account === "active" && caller.how === "password") await requirePassword(deps, input, { caller, address });
  const passwordHash = await hashPassword(input.password);
  const recoveryCodes = newRecoveryCodes();
  return await transact(deps, async (unit) => {
    const { id, name } = await accountOf(unit, caller, input.name);
    await fillAccount(unit, { id, passwordHash, totpSealed: seal(linkKey, totpAbout(id), secret), step });
    await replaceRecoveryCodes(
      unit,
      id,
      recoveryCodes.map((code) => ({ id: unit.newId(), hash: sha256(code) })),
    );
    await giveSession(unit, { id: caller.sessionId, operatorId: id, operator: auditName(name) });
    const ended = await revokeSessionsOf(unit, id, caller.sessionId);
    await unit.event({ type: "operator.account", source: auditName(name), payload: { operator: auditName(name), ended } });
    return { operator: operatorView((await selectOperator(unit, { id }))!), recoveryCodes };
  });
}

function secretOf(draft: string | null, now: Date): string {
  const { secret, until } = draft === null ? { secret: "", until: 0 } : (JSON.parse(draft) as { secret: string; until: number });
  if (until > now.getTime()) return secret;
  throw new AitoError("AITO_ACCOUNT_DRAFT", "this set-up is too old, or another session's", {
    hint: "begin anew: load the page again",
    status: 400,
  });
}

async function requirePassword(
  deps: CompanyDeps,
  input: NewAccount,
  { caller, address }: { caller: SessionCaller; address: string },
): Promise<void> {
  const settle = await limitAttempts(deps, { name: caller.operator, address });
  const row = await transact(deps, (unit) => selectOperator(unit, { id: caller.operatorId! }));
  if (!(await passwordMatches(input.currentPassword ?? "", row?.password_hash ?? null))) {
    throw new AitoError("AITO_ACCOUNT_PASSWORD", "the current password is not right", { status: 403 });
  }
  await settle();
}

/** The caller's own account; for the machine's owner a new one, once. */
async function accountOf(unit: Unit, caller: SessionCaller, name: string | undefined): Promise<Pick<OperatorRow, "id" | "name">> {
  if (caller.operatorId !== null) return (await selectOperator(unit, { id: caller.operatorId }))!;
  if (await selectFirstOwner(unit)) {
    throw new AitoError("AITO_ACCOUNT_EXISTS", "this company has an owner's account already", {
      hint: "sign in with it, or make another with: aito operators add NAME --role owner",
      status: 409,
    });
  }
  if (name === undefined)
    throw new AitoError("AITO_ACCOUNT_NAME", "the first owner needs a name to sign in with", { status: 400 });
  const id = unit.newId();
  if (!(await insertOperator(unit, { id, name, role: "owner", by: caller.operator }))) throw nameTaken(name);
  await unit.event({ type: "operator.added", source: caller.operator, payload: { operator: auditName(name), role: "owner" } });
  return { id, name };
}
