import { canonicalJson } from "@aito/base";
import type { Tx } from "@aito/db";
import { insertEventRow } from "./queries.ts";

export interface NewEvent {
  type: string;
  /** An agent's name, `operator`, `human` or `system`. */
  source: string;
  target?: string | null;
  payload: Record<string, unknown>;
}

/** Stores an event, unsealed. What will be hashed is `body`, the canonical text, exactly as stored. */
export async function insertEvent(tx: Tx, id: string, event: NewEvent): Promise<void> {
  const body = canonicalJson({
    v: 1,
    id,
    company: tx.companyId,
    type: event.type,
    source: event.source,
    target: event.target ?? null,
    at: tx.now.toISOString(),
    payload: event.payload,
  });
  await insertEventRow(tx, { id, type: event.type, source: event.source, target: event.target ?? null, body });
}
