import { isAitoError } from "@aito/base";
import {
  addOperator,
  apiKeyCaller,
  changeRole,
  type CompanyDeps,
  createApiKey,
  disableOperator,
  draftAccount,
  endChat,
  fleetStatus,
  listApiKeys,
  listChats,
  listOperators,
  listSessions,
  newChatCode,
  newLoginLink,
  operatorSession,
  resetOperator,
  revokeApiKey,
  revokeSession,
  saveAccount,
  signIn,
  loginLinkWorks,
  useLoginLink,
} from "@aito/company";
import type { Accounts } from "./accounts.ts";

/** The answer to an expected refusal is null; any other error goes on. */
async function tokenOrNull(code: string, read: Promise<{ session: string }>): Promise<string | null> {
  try {
    return (await read).session;
  } catch (error) {
    if (isAitoError(error, code)) return null;
    throw error;
  }
}

/** The operators of a real company. */
export const companyAccounts = (deps: CompanyDeps, { linkKey }: { linkKey: string }): Accounts => ({
  newLoginLink: async (by, operator) => (await newLoginLink(deps, { by, operator })).token,
  loginLinkWorks: (token) => loginLinkWorks(deps, token),
  useLoginLink: (token, whence) => tokenOrNull("AITO_LOGIN_LINK", useLoginLink(deps, token, whence)),
  signIn: (input, whence) => tokenOrNull("AITO_SIGN_IN", signIn(deps, input, { linkKey, whence })),
  ofSession: (session, whence) => operatorSession(deps, session, whence),
  ofApiKey: (key) => apiKeyCaller(deps, key),
  areThere: async () => (await listOperators(deps)).some(({ status }) => status === "active"),
  operators: () => listOperators(deps),
  addOperator: (input, by) => addOperator(deps, input, by),
  changeRole: (input, by) => changeRole(deps, input, by),
  disableOperator: (name, by) => disableOperator(deps, name, by),
  resetOperator: (name, by) => resetOperator(deps, name, by),
  sessions: (caller, page) => listSessions(deps, caller, page),
  revokeSession: (id, caller) => revokeSession(deps, id, caller),
  apiKeys: (caller, page) => listApiKeys(deps, caller, page),
  createApiKey: (input, caller) => createApiKey(deps, input, caller),
  revokeApiKey: (id, caller) => revokeApiKey(deps, id, caller),
  chats: (caller) => listChats(deps, caller),
  newChatCode: (caller) => newChatCode(deps, caller),
  endChat: (id, caller) => endChat(deps, id, caller),
  draftAccount: async (caller) => draftAccount(deps, { linkKey, caller, company: (await fleetStatus(deps)).company }),
  saveAccount: (input, caller, address) => saveAccount(deps, input, { linkKey, caller, address }),
});
