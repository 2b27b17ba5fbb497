import { AitoError } from "@aito/base";
import type { NewOperator, OperatorRole, OperatorView } from "@aito/protocol";
import { endChats, spendCodesOf } from "../../chats/queries.ts";
import { type CompanyDeps, transact, type Unit } from "../../company.ts";
import { revokeApiKeysOf } from "../api-keys/queries.ts";
import { auditName } from "../caller.ts";
import { knownOperator, loginLinkIn } from "../login.ts";
import { revokeSessionsOf, spendLinksOf } from "../queries.ts";
import {
  clearAccount,
  insertOperator,
  type OperatorRow,
  selectOperator,
  selectOperators,
  setDisabled,
  setRole,
} from "./queries.ts";

/** People who may come in, the disabled ones too, oldest first. */
export async function listOperators(deps: CompanyDeps): Promise<OperatorView[]> {
  return await transact(deps, async (unit) => (await selectOperators(unit)).map(operatorView));
}

/** An account without a password, and the one-time link that opens it. Error: AITO_OPERATOR_TAKEN (409). */
export async function addOperator(
  deps: CompanyDeps,
  input: NewOperator,
  by: string,
): Promise<{ view: OperatorView; token: string }> {
  return await transact(deps, async (unit) => {
    const id = unit.newId();
    if (!(await insertOperator(unit, { id, ...input, by }))) throw nameTaken(input.name);
    await unit.event({ type: "operator.added", source: by, payload: { operator: auditName(input.name), role: input.role } });
    const { token } = await loginLinkIn(unit, { by, operator: { id, name: input.name } });
    return { view: operatorView((await selectOperator(unit, { id }))!), token };
  });
}

export const nameTaken = (name: string): AitoError =>
  new AitoError("AITO_OPERATOR_TAKEN", `there is an operator "${name}" already`, {
    hint: `give them a new link with: aito operators reset ${name}   or choose another name`,
    status: 409,
  });

/** Holds from the next request on, for open sessions and API keys too. Error: AITO_OPERATOR_UNKNOWN (404). */
export async function changeRole(
  deps: CompanyDeps,
  input: { name: string; role: OperatorRole },
  by: string,
): Promise<OperatorView> {
  return await transact(deps, async (unit) => {
    const { id, role: before } = await knownOperator(unit, input.name);
    if (before !== input.role) {
      await setRole(unit, id, input.role);
      const payload = { operator: auditName(input.name), role: input.role, before };
      await unit.event({ type: "operator.role", source: by, payload });
    }
    return operatorView((await selectOperator(unit, { id }))!);
  });
}

/** Nothing of theirs opens anything any more: sessions, API keys, links, chats. Error: AITO_OPERATOR_UNKNOWN (404). */
export async function disableOperator(deps: CompanyDeps, name: string, by: string): Promise<OperatorView> {
  return await transact(deps, async (unit) => {
    const { id, disabled_at: before } = await knownOperator(unit, name);
    if (before === null) {
      await setDisabled(unit, id);
      await revokeSessionsOf(unit, id, null);
      await revokeApiKeysOf(unit, id);
      await spendLinksOf(unit, id);
      await endChatsOf(unit, id);
      await unit.event({ type: "operator.disabled", source: by, payload: { operator: auditName(name) } });
    }
    return operatorView((await selectOperator(unit, { id }))!);
  });
}

/**
 * As when they were invited: password, one-time codes, sessions, API keys and links of before are gone, a disabled operator is let in
 * again, and a new one-time link opens the account. Error: AITO_OPERATOR_UNKNOWN (404).
 */
export async function resetOperator(deps: CompanyDeps, name: string, by: string): Promise<{ view: OperatorView; token: string }> {
  return await transact(deps, async (unit) => {
    const { id } = await knownOperator(unit, name);
    await clearAccount(unit, id);
    await revokeSessionsOf(unit, id, null);
    await revokeApiKeysOf(unit, id);
    await spendLinksOf(unit, id);
    await endChatsOf(unit, id);
    await unit.event({ type: "operator.reset", source: by, payload: { operator: auditName(name) } });
    const { token } = await loginLinkIn(unit, { by, operator: { id, name } });
    return { view: operatorView((await selectOperator(unit, { id }))!), token };
  });
}

async function endChatsOf(unit: Unit, operatorId: string): Promise<void> {
  await spendCodesOf(unit, operatorId);
  await endChats(unit, { operatorId });
}

export const operatorView = (row: OperatorRow): OperatorView => ({
  id: row.id,
  name: row.name,
  role: row.role,
  status: row.disabled_at ? "disabled" : row.set_up_at ? "active" : "invited",
  createdBy: row.created_by,
  createdAt: row.created_at.toISOString(),
  lastSeenAt: row.last_seen_at?.toISOString() ?? null,
  recoveryCodesLeft: row.codes_left,
});
