import { AitoError, newToken } from "@aito/base";
import { type Caller, scopesOf, type SessionCaller } from "@aito/company";
import type { ApiKeyView, ChatView, OperatorRole, OperatorScope, OperatorView, SignInView } from "@aito/protocol";
import type { Accounts } from "../src/accounts.ts";
import { id, start } from "./fixture-data.ts";

const at = (secondsAgo: number): string => new Date(start - secondsAgo * 1_000).toISOString();
const view = (number: number, name: string, role: OperatorRole, rest: Partial<OperatorView> = {}): OperatorView => ({
  id: id(number),
  name,
  role,
  status: "active",
  createdBy: "operator",
  createdAt: at(900_000),
  lastSeenAt: at(40),
  recoveryCodesLeft: 10,
  ...rest,
});
const people = (): OperatorView[] => [
  view(0x901, "ada", "owner"),
  view(0x902, "ben", "approver", { createdBy: "@ada", lastSeenAt: at(7_200), recoveryCodesLeft: 9 }),
  view(0x903, "vera", "viewer", { createdBy: "@ada", status: "invited", lastSeenAt: null, recoveryCodesLeft: 0 }),
  view(0x904, "former.colleague", "approver", { createdBy: "@ada", status: "disabled", lastSeenAt: at(600_000) }),
];
const browser = (number: number, rest: Partial<SignInView>): SignInView => ({
  id: id(number),
  operator: "@ada",
  how: "password",
  address: "192.0.2.44",
  userAgent: "Mozilla/5.0 (X11; Linux x86_64) Chrome/156.0.0.0 Safari/537.36",
  createdAt: at(3_000),
  lastSeenAt: at(40),
  expiresAt: new Date(start + 36_000_000).toISOString(),
  status: "active",
  current: false,
  ...rest,
});
const apiKey = (number: number, name: string, scopes: OperatorScope[], rest: Partial<ApiKeyView> = {}): ApiKeyView => ({
  id: id(number),
  name,
  operator: "@ada",
  scopes,
  status: "active",
  createdBy: "@ada",
  createdAt: at(500_000),
  expiresAt: new Date(start + 2_000_000_000).toISOString(),
  revokedAt: null,
  lastUsedAt: at(300),
  ...rest,
});

const linkedChat: ChatView = {
  id: id(0x971),
  chat: "12345",
  accountName: "@ada_on_the_phone",
  operator: "@ada",
  linkedAt: at(86_400),
};

const unknown = (what: string) => (): never => {
  throw new AitoError(`AITO_${what}_UNKNOWN`, `there is no such ${what.toLowerCase()}`, { status: 404 });
};
const machine: Caller = { operator: "operator", operatorId: null, role: "owner", scopes: scopesOf("owner") };
const callerOf = ({ id: operatorId, name, role }: OperatorView): Caller => ({
  operator: `@${name}`,
  operatorId,
  role,
  scopes: scopesOf(role),
});

/** Operators, sessions and keys in memory. `withPeople`: somebody has an account; without, links open the machine owner's session. */
export function fixtureAccounts(note: (name: string, ...args: unknown[]) => void, withPeople = false) {
  const links = new Map<string, Caller>();
  const sessions = new Map<string, SessionCaller>();
  const keys = new Map<string, Caller>();
  const openSession = (caller: Caller): string => {
    const token = newToken("session");
    const account = caller.operatorId === null ? ("none" as const) : ("active" as const);
    sessions.set(token, { ...caller, sessionId: id(0x910 + sessions.size), how: "link", account });
    return token;
  };
  const linkFor = (caller: Caller): string => {
    const token = newToken("login");
    links.set(token, caller);
    return token;
  };
  const named = (name: string): OperatorView => people().find((row) => row.name === name) ?? unknown("OPERATOR")();
  const accounts: Accounts = {
    newLoginLink: async (_by, name) => linkFor(name ? callerOf(named(name)) : withPeople ? callerOf(people()[0]!) : machine),
    loginLinkWorks: async (token) => links.has(token),
    useLoginLink: async (token) => {
      const caller = links.get(token);
      return caller && links.delete(token) ? openSession(caller) : null;
    },
    signIn: async ({ name, password }) => (password === "right" ? openSession(callerOf(named(name))) : null),
    ofSession: async (token) => sessions.get(token) ?? null,
    ofApiKey: async (key) => keys.get(key) ?? null,
    areThere: async () => withPeople,
    operators: async () => (withPeople ? people() : []),
    addOperator: async (input, by) => (note("addOperator", input, by), { view: named("vera"), token: newToken("login") }),
    changeRole: async (input, by) => (note("changeRole", input, by), { ...named(input.name), role: input.role }),
    disableOperator: async (name, by) => (note("disableOperator", name, by), { ...named(name), status: "disabled" }),
    resetOperator: async (name, by) => (note("resetOperator", name, by), { view: named(name), token: newToken("login") }),
    sessions: async (caller) => [
      browser(0x920, { operator: caller.operator, current: true, address: "127.0.0.1" }),
      browser(0x921, {
        operator: "@ben",
        userAgent: "Mozilla/5.0 (iPhone; CPU iPhone OS 26_1 like Mac OS X) Version/26.1 Mobile Safari",
      }),
      browser(0x922, {
        how: "link",
        status: "expired",
        lastSeenAt: at(90_000),
        userAgent: "<script>alert(1)</script> \u202Egnp.exe",
      }),
    ],
    revokeSession: async (wanted, caller) => {
      note("revokeSession", wanted, caller.operator);
      for (const [token, session] of sessions) if (session.sessionId === wanted) sessions.delete(token);
      return browser(0x920, { status: "revoked" });
    },
    apiKeys: async () =>
      withPeople
        ? [apiKey(0x930, "nightly-report", ["read"]), apiKey(0x931, "pager", ["read", "answer", "stop"], { status: "expired" })]
        : [],
    createApiKey: async (input, caller) => {
      note("createApiKey", input, caller.operator);
      return { key: newToken("api"), view: apiKey(0x932, input.name, input.scopes) };
    },
    revokeApiKey: async (wanted, caller) => (note("revokeApiKey", wanted, caller.operator), unknown("API_KEY")()),
    chats: async () => [linkedChat],
    newChatCode: async () => ({ code: "7KQ2M9XTBW4R", expiresAt: new Date(start + 900_000).toISOString() }),
    endChat: async (which) => (which === linkedChat.id ? linkedChat : unknown("CHAT")()),
    draftAccount: async () => ({
      draft: "draft",
      secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
      uri: "otpauth://totp/AITO%20aito:ada?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=AITO%20aito",
    }),
    saveAccount: async (input, caller) => {
      note("saveAccount", input.name, caller.operator);
      return { operator: people()[0]!, recoveryCodes: Array.from({ length: 10 }, (_, n) => `abcd-efgh-jkmn-pq${10 + n}`) };
    },
  };
  return {
    accounts,
    /** An API key of somebody with this role, or with these scopes of an owner. */
    keyOf: (role: OperatorRole, scopes?: OperatorScope[]): string => {
      const key = newToken("api");
      keys.set(key, { ...callerOf(people().find((row) => row.role === role)!), ...(scopes ? { scopes } : {}) });
      return key;
    },
    /** As when it expired or was revoked. */
    endKey: (key: string): void => void keys.delete(key),
    linkOf: (role: OperatorRole): string => linkFor(callerOf(people().find((row) => row.role === role)!)),
  };
}
