import { AitoError } from "@aito/base";
import type { OperatorScope } from "@aito/protocol";
import type { FastifyRequest } from "fastify";
import { isSafe, principalOf } from "./principal.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** What a caller must be allowed to use this route. */
    needs?: OperatorScope;
  }
}

/** What a route asks for that does not say: to look, or to manage. A change that somebody forgot to think of is an owner's. */
export const needOf = (method: string, needs: OperatorScope | undefined): OperatorScope =>
  needs ?? (isSafe(method) ? "read" : "manage");

/** The second guard before every operator route: what its caller may. Error: AITO_CONSOLE_ROLE (403). */
export function requireScope(request: FastifyRequest): void {
  const need = needOf(request.method, request.routeOptions.config.needs);
  const principal = principalOf(request);
  if (principal.scopes.includes(need)) return;
  throw new AitoError(
    "AITO_CONSOLE_ROLE",
    `this needs the scope "${need}"; ${principal.operator} may ${principal.scopes.join(", ")}`,
    {
      hint: principal.role === "owner" ? "use a key with that scope" : "ask an owner",
      status: 403,
    },
  );
}
