import type { BackupHeader, SqlRunner } from "@aito/db";
import { storedEvent } from "../audit/stored-event.ts";
import { addEvent, endAccess, endIncarnations, endUncertain, passTerm, reopenAllWork } from "./queries.ts";

/** More incarnations than an agent can have had between a backup and the loss of what came after it. */
export const epochsAhead = 100_000;

/**
 * Makes the rows of a backup fit to live on, in the transaction that loads them: every session, link and term of before is dead,
 * agents go on with a higher epoch and with the work that they had open, kill switches stay as they were, and the history says that
 * it was restored. What was done stays done: it is in the rows.
 */
export async function settleRestored(
  runner: SqlRunner,
  header: BackupHeader,
  context: { now: Date; newId: () => string },
): Promise<void> {
  const { companyId: company } = header;
  const { now } = context;
  await endIncarnations(runner, company, epochsAhead, now);
  await reopenAllWork(runner, company, now);
  await endAccess(runner, company, now);
  await endUncertain(runner, company, now);
  await passTerm(runner, company, now);
  const event = storedEvent({ now, companyId: company }, context.newId(), {
    type: "company.restored",
    source: "operator",
    payload: { backupAt: header.at, migrations: header.migrations.at(-1) ?? "" },
  });
  await addEvent(runner, { id: event.id, company, type: event.type, source: event.source, body: event.body, at: now });
}
