import { createHmac } from "node:crypto";
import { AitoError, sameHash, sha256 } from "@aito/base";
import { type Caller, machineOwner, scopesOf, type SessionCaller, type Whence } from "@aito/company";
import type { FastifyRequest } from "fastify";
import type { Accounts } from "../accounts.ts";

/** Who makes a request. A browser's session needs the CSRF token with every change; a key in a header cannot be forged by a page. */
export type Principal =
  | (SessionCaller & { kind: "session"; csrfToken: string })
  | (Caller & { kind: "key"; how: "operator key" | "API key" });

declare module "fastify" {
  interface FastifyRequest {
    principal: Principal | null;
  }
}

/** Bound to the session and useless without its cookie; nothing to store. */
export const csrfTokenOf = (sessionToken: string): string =>
  createHmac("sha256", sessionToken).update("aito console csrf").digest("base64url");

export interface AuthOptions {
  accounts: Pick<Accounts, "ofSession" | "ofApiKey">;
  operatorKeyHash: string | null;
  cookieName: string;
}

const hasScopes = ({ scopes }: Caller): boolean => scopes.length > 0;

/** Reads the bearer key or the session cookie. A wrong key is never outdone by a good cookie: the request stays anonymous. */
export async function identify(request: FastifyRequest, options: AuthOptions): Promise<Principal | null> {
  const header = request.headers.authorization;
  if (header !== undefined) {
    const key = /^Bearer (\S{20,200})$/i.exec(header)?.[1];
    if (!key) return null;
    if (options.operatorKeyHash !== null && sameHash(sha256(key), options.operatorKeyHash)) {
      const owner = { operator: machineOwner, operatorId: null, role: "owner", scopes: scopesOf("owner") } as const;
      return { kind: "key", how: "operator key", ...owner };
    }
    const caller = key.startsWith("aito_api_") ? await options.accounts.ofApiKey(key) : null;
    return caller && hasScopes(caller) ? { kind: "key", how: "API key", ...caller } : null;
  }
  const sessionToken = request.cookies[options.cookieName];
  if (!sessionToken || sessionToken.length > 200) return null;
  const caller = await options.accounts.ofSession(sessionToken, whenceOf(request));
  return caller && { kind: "session", ...caller, csrfToken: csrfTokenOf(sessionToken) };
}

export const whenceOf = (request: FastifyRequest): Whence => ({
  address: request.ip,
  userAgent: request.headers["user-agent"] ?? "",
});

/** The principal of a request behind `requireOperator`. */
export function principalOf(request: FastifyRequest): Principal {
  if (request.principal) return request.principal;
  throw new AitoError("AITO_CONSOLE_UNAUTHENTICATED", "not signed in", {
    hint: "sign in with a link from ./scripts/aito login, or send Authorization: Bearer <operator key>",
    status: 401,
  });
}

export const isSafe = (method: string): boolean => method === "GET" || method === "HEAD" || method === "OPTIONS";

/** The guard before every operator route: someone known, and for a browser's change the token of its own session. */
export function requireOperator(request: FastifyRequest): void {
  const principal = principalOf(request);
  if (principal.kind === "key" || isSafe(request.method)) return;
  const sent = request.headers["x-csrf-token"];
  if (typeof sent !== "string" || !sameHash(sha256(sent), sha256(principal.csrfToken))) {
    throw new AitoError("AITO_CONSOLE_CSRF", "the change was refused: its CSRF token is missing or not this session's", {
      hint: "load the page again",
      status: 403,
    });
  }
}
