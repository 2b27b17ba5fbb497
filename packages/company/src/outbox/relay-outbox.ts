import type { CompanyDeps } from "../company.ts";
import { dropPublished, markPublished, unpublished } from "./queries.ts";

const relayAfterMs = 1_000;
const relayRowsMax = 200;
const keepPublishedMs = 3_600_000;

/** Publishes what its writer committed and could not publish. Returns how many rows went out. */
export async function relayOutbox(deps: CompanyDeps): Promise<number> {
  const now = deps.clock.now().getTime();
  const scope = { companyId: deps.companyId };
  const rows = await deps.db.transaction(scope, (tx) => unpublished(tx, new Date(now - relayAfterMs), relayRowsMax));
  if (rows.length > 0) {
    await deps.deliver(rows);
    await deps.db.transaction(scope, (tx) =>
      markPublished(
        tx,
        rows.map((row) => row.id),
      ),
    );
  }
  await deps.db.transaction(scope, (tx) => dropPublished(tx, new Date(now - keepPublishedMs)));
  return rows.length;
}
