import type { AitoError } from "@aito/base";
import { type OperatorRole, type OperatorScope, roleScopes } from "@aito/protocol";

/** Without an account: who has the machine has its operator key, and is an owner. */
export const machineOwner = "operator";

/** How an operator stands in the audit. */
export const auditName = (name: string): string => `@${name}`;

/** Who acts on the company from outside, as the console knows them. */
export interface Caller {
  /** `@name`, or `operator` for the machine's owner. */
  operator: string;
  /** Null for the machine's owner. */
  operatorId: string | null;
  role: OperatorRole;
  scopes: readonly OperatorScope[];
}

export interface SessionCaller extends Caller {
  sessionId: string;
  how: "link" | "password";
  /** `none`: the machine's owner; `invited`: no password yet. */
  account: "none" | "invited" | "active";
}

/** Where a request came from, as the console saw it. */
export interface Whence {
  address: string;
  userAgent: string;
}

export const scopesOf = (role: OperatorRole | null): readonly OperatorScope[] => roleScopes[role ?? "owner"];

/** Only who may judge others acts on what is not their own; to everybody else it is not there. */
export function requireOwn(caller: Caller, ownerId: string | null, missing: AitoError): void {
  if (caller.operatorId !== ownerId && !caller.scopes.includes("operators")) throw missing;
}

export const addressMax = 60;
export const userAgentMax = 200;
