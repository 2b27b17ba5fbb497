import { isAitoError } from "@aito/base";
import type { Tx } from "@aito/db";
import type { CompanyDeps } from "../company.ts";
import { dropOld, markPublished, type OutboxRow, unpublished } from "./queries.ts";

const relayAfterMs = 1_000;
const relayRowsMax = 200;
const keepPublishedMs = 3_600_000;
/** A bell of yesterday wakes nobody: what waits stands in its own table. */
const giveUpAfterMs = 24 * 3_600_000;

const before = (tx: Tx, ms: number): Date => new Date(tx.now.getTime() - ms);

/** Publishes what its writer committed and could not publish. Returns how many rows went out. */
export async function relayOutbox(deps: CompanyDeps): Promise<number> {
  const scope = { companyId: deps.companyId };
  const rows = await deps.db.transaction(scope, (tx) => unpublished(tx, before(tx, relayAfterMs), relayRowsMax));
  const { sent, error } = rows.length > 0 ? await deliverAll(deps, rows) : { sent: [], error: null };
  if (sent.length > 0) await deps.db.transaction(scope, (tx) => markPublished(tx, sent));
  await deps.db.transaction(scope, (tx) => dropOld(tx, before(tx, keepPublishedMs), before(tx, giveUpAfterMs)));
  if (error) throw error;
  return sent.length;
}

/** All at once; if that fails one by one, so that a row that cannot be said keeps no other from being said. */
async function deliverAll(deps: CompanyDeps, rows: OutboxRow[]): Promise<{ sent: string[]; error: unknown }> {
  try {
    await deps.deliver(rows);
    return { sent: rows.map((row) => row.id), error: null };
  } catch (error) {
    // Nobody is there: each row would only wait for the same answer.
    if (isAitoError(error) && error.fate === "retry") return { sent: [], error };
  }
  const sent: string[] = [];
  let failure: unknown = null;
  for (const row of rows) {
    try {
      await deps.deliver([row]);
      sent.push(row.id);
    } catch (error) {
      failure = error;
      if (isAitoError(error) && error.fate === "retry") break;
    }
  }
  return { sent, error: failure };
}
