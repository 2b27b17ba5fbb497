import { z } from "zod";
import { Id, Timestamp } from "./ids.ts";

/** What a person may do: a viewer reads; an approver also answers what waits for a human, and stops; an owner does everything. */
export const OperatorRole = z.enum(["owner", "approver", "viewer"]);
export type OperatorRole = z.infer<typeof OperatorRole>;

/**
 * What one route asks for. `read`: look; `answer`: approvals, escalations, overrides; `stop`: kill switches and the fleet's stop, never
 * their end; `propose`: bring proposals; `manage`: change the company, and resume what was stopped; `operators`: who may do what.
 */
export const OperatorScope = z.enum(["read", "answer", "stop", "propose", "manage", "operators"]);
export type OperatorScope = z.infer<typeof OperatorScope>;

export const roleScopes: Record<OperatorRole, readonly OperatorScope[]> = {
  owner: OperatorScope.options,
  approver: ["read", "answer", "stop"],
  viewer: ["read"],
};

/** A person's name for signing in. In the audit it stands as `@name`, so that no agent's name can be taken for it. */
export const OperatorName = z
  .string()
  .regex(/^[a-z][a-z0-9._-]{0,39}$/, "lower case letters, digits, dots, dashes and underscores, at most 40, for example ada");

export const NewOperator = z.strictObject({ name: OperatorName, role: OperatorRole });
export type NewOperator = z.infer<typeof NewOperator>;
export const OperatorChange = z.strictObject({ role: OperatorRole });

export const OperatorView = z.object({
  id: Id,
  name: z.string(),
  role: OperatorRole,
  /** `invited`: has no password yet, and comes in by a one-time link. */
  status: z.enum(["invited", "active", "disabled"]),
  createdBy: z.string(),
  createdAt: Timestamp,
  lastSeenAt: Timestamp.nullable(),
  recoveryCodesLeft: z.number().int(),
});
export type OperatorView = z.infer<typeof OperatorView>;

/** With the one-time link that opens the account. */
export const InvitedOperator = OperatorView.extend({ url: z.string() });
export type InvitedOperator = z.infer<typeof InvitedOperator>;

/** `operator`: whose link; without it the first owner's. */
export const NewLoginLink = z.strictObject({ operator: OperatorName.optional() });
export const LoginLink = z.object({ url: z.string() });

/** A browser that is or was signed in. */
export const SignInView = z.object({
  id: Id,
  operator: z.string(),
  how: z.enum(["link", "password"]),
  address: z.string(),
  userAgent: z.string(),
  createdAt: Timestamp,
  lastSeenAt: Timestamp,
  expiresAt: Timestamp,
  status: z.enum(["active", "expired", "revoked"]),
  /** The one that asks. */
  current: z.boolean(),
});
export type SignInView = z.infer<typeof SignInView>;

export const ApiKeyName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,59}$/, "lower case letters, digits and dashes, at most 60, for example nightly-report");

/** A key for the operator API; it can do what its scopes say and its operator's role still allows. Not a gateway key: it calls no models. */
export const NewApiKey = z.strictObject({
  name: ApiKeyName,
  scopes: z.array(OperatorScope).min(1).max(OperatorScope.options.length).default(["read"]),
  expiresInHours: z.number().int().min(1).max(8_784).default(720),
  /** Whose key; without it the asker's own. */
  operator: OperatorName.optional(),
});
export type NewApiKey = z.infer<typeof NewApiKey>;

export const ApiKeyView = z.object({
  id: Id,
  name: z.string(),
  operator: z.string(),
  scopes: z.array(OperatorScope),
  status: z.enum(["active", "expired", "revoked"]),
  createdBy: z.string(),
  createdAt: Timestamp,
  expiresAt: Timestamp,
  revokedAt: Timestamp.nullable(),
  lastUsedAt: Timestamp.nullable(),
});
export type ApiKeyView = z.infer<typeof ApiKeyView>;
/** The only time that the key itself is told. */
export const CreatedApiKey = ApiKeyView.extend({ key: z.string() });
export type CreatedApiKey = z.infer<typeof CreatedApiKey>;

export const passwordCharactersMin = 12;
export const passwordCharactersMax = 200;
const Password = z
  .string()
  .min(passwordCharactersMin, `a password has at least ${passwordCharactersMin} characters`)
  .max(passwordCharactersMax, `a password has at most ${passwordCharactersMax} characters`);

/** A new secret for an app that shows one-time codes; nothing is stored until a code of it comes back with the draft. */
export const AccountDraft = z.object({
  draft: z.string(),
  secret: z.string(),
  uri: z.string(),
  /** The address as a square of modules: `path` draws the dark ones, one unit each. */
  qr: z.object({ size: z.number().int(), path: z.string() }),
});
export type AccountDraft = z.infer<typeof AccountDraft>;

export const NewAccount = z.strictObject({
  draft: z.string().max(500),
  /** For the first owner; others have a name already. */
  name: OperatorName.optional(),
  password: Password,
  /** The app's current code. */
  code: z.string().max(20),
  /** Of who signed in with it. */
  currentPassword: z.string().max(passwordCharactersMax).optional(),
});
export type NewAccount = z.infer<typeof NewAccount>;

/** The codes are told once: each signs in once in place of the app's. */
export const SavedAccount = z.object({ operator: OperatorView, recoveryCodes: z.array(z.string()) });
export type SavedAccount = z.infer<typeof SavedAccount>;

/** Who is asking, what they may, and the token that a browser sends as `x-csrf-token` with every change (null for key holders). */
export const OperatorSession = z.object({
  operator: z.string(),
  csrfToken: z.string().nullable(),
  role: OperatorRole,
  scopes: z.array(OperatorScope),
  how: z.enum(["link", "password", "key"]),
  /** `none`: the machine's owner, who may make the first account; `invited`: no password yet. */
  account: z.enum(["none", "invited", "active"]),
});
export type OperatorSession = z.infer<typeof OperatorSession>;
