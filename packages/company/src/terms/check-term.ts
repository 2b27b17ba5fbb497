import { AitoError } from "@aito/base";
import type { Tx } from "@aito/db";
import { holdTerm } from "./queries.ts";

/**
 * Keeps the term from passing to another until this transaction ends. Throws AITO_TERM_LOST (fate retry) when it has passed, or
 * when there is none.
 */
export async function checkTerm(tx: Tx, lead: { holder: string; term: bigint } | null): Promise<void> {
  if (lead && (await holdTerm(tx, lead.holder, lead.term))) return;
  throw new AitoError("AITO_TERM_LOST", "this orchestrator does not lead the company any more", {
    hint: "another one does; this one waits for its turn",
    fate: "retry",
    status: 409,
  });
}
