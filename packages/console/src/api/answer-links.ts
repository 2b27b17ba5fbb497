import type { FastifyRequest } from "fastify";
import { principalOf } from "../auth/principal.ts";

/** A link to an answer's form is the permission to answer: who may not answer is not shown it. */
export function withLinkFor<T extends { url: string | null }>(request: FastifyRequest, view: T): T {
  return principalOf(request).scopes.includes("answer") ? view : { ...view, url: null };
}
