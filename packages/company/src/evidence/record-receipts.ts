import type { AgentSession, SessionStamp } from "../agents/session.ts";
import type { CompanyDeps } from "../company.ts";
import type { StoredReceipt } from "./queries.ts";
import { type NewReceipt, signedReceipt } from "./record-receipt.ts";
import type { ReceiptSigner } from "./receipt-signer.ts";

/** A receipt that can be written with others of its agent. */
export interface ReadyReceipt {
  row: StoredReceipt;
  /** Only while the incarnation of `deps.speaker` is the current one and nothing is stopped. */
  fenced: boolean;
  flushLater: boolean;
  /** Only while its session is as it was: nobody asked before. */
  session: SessionStamp | null;
}

/**
 * Signs a receipt that needs nothing from the database. Null for one that does: a task to look up, or a long result to keep apart; that
 * one is for `recordReceipt`.
 */
export async function readyReceipt(
  deps: CompanyDeps,
  session: AgentSession,
  receipt: NewReceipt,
  signer: ReceiptSigner,
): Promise<ReadyReceipt | null> {
  if (receipt.task && session.taskId === null) return null;
  const of = { company: deps.companyId, id: receipt.id ?? deps.newId(), task: session.taskId, at: deps.clock.now() };
  const { row, gzip } = await signedReceipt(of, session, receipt, signer);
  return gzip
    ? null
    : { row, fenced: deps.speaker !== undefined, flushLater: receipt.flushLater === true, session: session.unasked ?? null };
}

/**
 * Writes receipts with one round trip and one commit, which waits for the disk unless all of them may get there later; doing it again changes nothing. False for one that was not written: its incarnation
 * is not current, its session has changed, something in the company is stopped, or its key is not on record yet. `sessionStands` and
 * `recordReceipt` find out which.
 */
export async function recordReceipts(deps: CompanyDeps, receipts: readonly ReadyReceipt[]): Promise<boolean[]> {
  if (receipts.length === 0) return [];
  return await deps.db.call<boolean[]>(
    deps.companyId,
    "aito_receipts",
    receipts.map(({ fenced, flushLater, session, row: { agentId: agent, runId: run, taskId: task, keyId: key, ...row } }) => ({
      ...row,
      agent,
      run,
      task,
      key,
      fenced,
      flushLater,
      session,
    })),
  );
}
