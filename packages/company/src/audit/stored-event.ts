import { canonicalJson } from "@aito/base";
import type { Tx } from "@aito/db";

export interface NewEvent {
  type: string;
  /** An agent's name, `operator`, `human` or `system`. */
  source: string;
  target?: string | null;
  payload: Record<string, unknown>;
}

/** An event as it will stand in its row. What will be hashed is `body`, the canonical text, exactly as stored. */
export interface StoredEvent {
  id: string;
  type: string;
  source: string;
  target: string | null;
  body: string;
}

/** Throws TypeError for a payload that canonical JSON cannot hold (a fraction, a function). */
export function storedEvent(tx: Pick<Tx, "now" | "companyId">, id: string, event: NewEvent): StoredEvent {
  const target = event.target ?? null;
  const body = canonicalJson({
    v: 1,
    id,
    company: tx.companyId,
    type: event.type,
    source: event.source,
    target,
    at: tx.now.toISOString(),
    payload: event.payload,
  });
  return { id, type: event.type, source: event.source, target, body };
}
