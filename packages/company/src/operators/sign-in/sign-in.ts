import { AitoError, sha256 } from "@aito/base";
import { type CompanyDeps, transact } from "../../company.ts";
import { type OperatorRow, selectOperator } from "../accounts/queries.ts";
import { totpAbout } from "../accounts/set-up-account.ts";
import { addressMax, auditName, type Whence } from "../caller.ts";
import { openSession } from "../login.ts";
import { limitAttempts } from "./attempts.ts";
import { recoveryCodeOf, totpStep } from "./one-time-codes.ts";
import { passwordMatches } from "./passwords.ts";
import { takeRecoveryCode, takeStep } from "./queries.ts";
import { unseal } from "./sealed-text.ts";

/**
 * A session for name, password and a one-time code: the app's, or a recovery code. Whatever is wrong, the answer is the same and takes as
 * long: AITO_SIGN_IN (401). Too many attempts of a name, an address or both: AITO_SIGN_IN_RATE (429).
 */
export async function signIn(
  deps: CompanyDeps,
  input: { name: string; password: string; code: string },
  { linkKey, whence }: { linkKey: string; whence: Whence },
): Promise<{ session: string; expiresAt: Date }> {
  const name = input.name.trim().toLowerCase();
  const settle = await limitAttempts(deps, { name, address: whence.address });
  const account = await findAccount(deps, name);
  const matches = await passwordMatches(input.password, account?.password_hash ?? null);
  const opened = account && matches ? await openWithCode(deps, account, { code: input.code, linkKey, whence }) : null;
  if (opened) {
    await settle();
    return opened;
  }
  await noteRefusal(deps, account, whence);
  throw new AitoError("AITO_SIGN_IN", "name, password or code is not right", {
    hint: "each code works once; wait for the next one. Lost the phone? Use a recovery code, or ask an owner for a link",
    status: 401,
  });
}

async function findAccount(deps: CompanyDeps, name: string): Promise<OperatorRow | null> {
  const row = await transact(deps, (unit) => selectOperator(unit, { name }));
  return row?.password_hash && !row.disabled_at ? row : null;
}

/** The code is spent and the session opened in one transaction; what changed since the account was read counts. */
async function openWithCode(
  deps: CompanyDeps,
  account: OperatorRow,
  { code, linkKey, whence }: { code: string; linkKey: string; whence: Whence },
): Promise<{ session: string; expiresAt: Date } | null> {
  return await transact(deps, async (unit) => {
    const row = await selectOperator(unit, { id: account.id });
    if (!row?.totp_sealed || row.disabled_at || row.password_hash !== account.password_hash) return null;
    const secret = unseal(linkKey, totpAbout(row.id), row.totp_sealed);
    const step = secret === null ? null : totpStep({ secret, code, now: unit.now, after: row.totp_last_step });
    const recovery = recoveryCodeOf(code);
    const byApp = step !== null && (await takeStep(unit, row.id, step));
    const byRecovery = !byApp && recovery !== null && (await takeRecoveryCode(unit, row.id, sha256(recovery)));
    if (!byApp && !byRecovery) return null;
    if (byRecovery) {
      const payload = { operator: auditName(row.name), left: row.codes_left - 1 };
      await unit.event({ type: "operator.recovery_code", source: auditName(row.name), payload });
    }
    return await openSession(unit, { operator: row, how: "password", whence });
  });
}

/** With the name of an account that there is; what else was typed as a name could be a password. Written for both, and so as fast. */
async function noteRefusal(deps: CompanyDeps, account: OperatorRow | null, whence: Whence): Promise<void> {
  const payload = { operator: account && auditName(account.name), address: whence.address.slice(0, addressMax) };
  await transact(deps, (unit) => unit.event({ type: "operator.login_refused", source: "system", payload }));
}
