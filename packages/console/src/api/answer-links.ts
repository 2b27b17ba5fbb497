import type { OperatorScope } from "@aito/protocol";

/** A link to an answer's form is the permission to answer: who may not answer is not shown it. */
export function withLinkFor<T extends { url: string | null }>(scopes: readonly OperatorScope[], view: T): T {
  return scopes.includes("answer") ? view : { ...view, url: null };
}
