import type { EventView } from "@aito/protocol";
import type { CompanyDeps } from "../company.ts";
import type { EventCut } from "./event-cut.ts";
import { type EventRow, lockChain, selectEvents, selectSealedAfter } from "./queries.ts";

const view = (row: EventRow): EventView => ({
  id: row.id,
  seq: row.seq === null ? null : row.seq.toString(),
  type: row.event_type,
  source: row.source_name,
  target: row.target_name,
  at: row.created_at.toISOString(),
  payload: row.payload,
  hash: row.hash,
});

/** Newest first; with `after` (an event id) what came later, oldest first; with `before` the page before it. */
export async function listEvents(
  deps: CompanyDeps,
  { limit = 100, after, before, ...cut }: { limit?: number; after?: string; before?: string } & EventCut = {},
): Promise<EventView[]> {
  const page = { limit: Math.min(limit, 1_000), afterId: after, beforeId: before };
  const rows = await deps.db.transaction({ companyId: deps.companyId }, (tx) => selectEvents(tx, { ...page, ...cut }));
  return rows.map(view);
}

/** Sealed events in chain order after sequence number `seq`: gapless, so that a reader can say where it stopped. */
export async function sealedEventsAfter(deps: CompanyDeps, seq: bigint, limit: number): Promise<EventView[]> {
  const rows = await deps.db.transaction({ companyId: deps.companyId }, (tx) => selectSealedAfter(tx, seq, limit));
  return rows.map(view);
}

/** The newest sequence number of the chain; 0 when nothing is sealed yet. */
export async function chainHead(deps: CompanyDeps): Promise<bigint> {
  const head = await deps.db.transaction({ companyId: deps.companyId }, (tx) => lockChain(tx));
  return head?.seq ?? 0n;
}
