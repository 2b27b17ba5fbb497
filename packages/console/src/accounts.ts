import type { Caller, SessionCaller, Whence } from "@aito/company";
import type {
  ApiKeyView,
  ChatCode,
  ChatView,
  NewAccount,
  NewApiKey,
  NewOperator,
  OperatorRole,
  OperatorView,
  SavedAccount,
  SignInView,
} from "@aito/protocol";

/** Part of a list that belongs to somebody: one's own, or with `all` everybody's. */
export interface OwnPage {
  limit: number;
  before?: string | undefined;
  all: boolean;
}

/** Who may come in and how, bound to one company; part of `Records`. Unknown names and ids throw AitoError with status 404. */
export interface Accounts {
  /** The token of a new one-time link; `operator`: whose. */
  newLoginLink(by: string, operator?: string): Promise<string>;
  /** Whether a link would work now; it is not spent by asking. */
  loginLinkWorks(token: string): Promise<boolean>;
  /** A new session's token, or null when the link is unknown, used or expired. */
  useLoginLink(token: string, whence: Whence): Promise<string | null>;
  /** A new session's token for the right name, password and code; null for every wrong one. */
  signIn(input: { name: string; password: string; code: string }, whence: Whence): Promise<string | null>;
  /** Null when the session is unknown, expired or revoked. */
  ofSession(sessionToken: string, whence: Whence): Promise<SessionCaller | null>;
  ofApiKey(key: string): Promise<Caller | null>;
  /** Whether anybody can sign in with a password. */
  areThere(): Promise<boolean>;
  operators(): Promise<OperatorView[]>;
  addOperator(input: NewOperator, by: string): Promise<{ view: OperatorView; token: string }>;
  changeRole(input: { name: string; role: OperatorRole }, by: string): Promise<OperatorView>;
  disableOperator(name: string, by: string): Promise<OperatorView>;
  resetOperator(name: string, by: string): Promise<{ view: OperatorView; token: string }>;
  sessions(caller: Caller & { sessionId?: string }, page: OwnPage): Promise<SignInView[]>;
  revokeSession(id: string, caller: Caller & { sessionId?: string }): Promise<SignInView>;
  apiKeys(caller: Caller, page: OwnPage): Promise<ApiKeyView[]>;
  createApiKey(input: NewApiKey, caller: Caller): Promise<{ key: string; view: ApiKeyView }>;
  revokeApiKey(id: string, caller: Caller): Promise<ApiKeyView>;
  chats(caller: Caller): Promise<ChatView[]>;
  newChatCode(caller: Caller): Promise<ChatCode>;
  endChat(id: string, caller: Caller): Promise<ChatView>;
  draftAccount(caller: SessionCaller): Promise<{ draft: string; secret: string; uri: string }>;
  saveAccount(input: NewAccount, caller: SessionCaller, address: string): Promise<SavedAccount>;
}
