import { canonicalJson } from "@aito/base";
import type { Fact, ReceiptStatus } from "@aito/protocol";
import type { AgentSession } from "../agents/session.ts";
import { type CompanyDeps, transact, type Unit } from "../company.ts";
import { insertReceipt, insertReceiptKey, insertReceiptText, selectHeldTask, type StoredReceipt } from "./queries.ts";
import { type ReceiptSigner, receiptSigner } from "./receipt-signer.ts";
import { storedResult } from "./result-text.ts";

/** What receipts of the company's own tools name as their source. */
export const ownSource = "aito";

export interface NewReceipt {
  /** Where the call itself needed to name it; else a new one. */
  id?: string;
  tool: string;
  /** SHA-256 of the canonical JSON of the arguments. */
  argumentsDigest: string;
  ok: boolean;
  /** Where it says more than `ok`. */
  status?: ReceiptStatus;
  /** Any JSON; what is large is bounded here and kept whole apart. */
  result: unknown;
  durationMs: number;
  run: string | null;
  /** The task that the call is for, for an agent that holds several; one that is not its own is not noted. A worker's is its own. */
  task?: string | null;
  /** Its success is evidence for the task. */
  effect?: boolean;
  /** The system that answered. */
  source?: string;
  /** What the result states. */
  facts?: readonly Fact[];
  /**
   * It need not be on disk before its call is answered: it only read our own records. A crash of the database may take it with it, but
   * never what was committed after it, so that nothing that was done because of it stands without it; a claim that cites a lost one is
   * refused, and its agent reads again.
   */
  flushLater?: boolean;
}

/** Stores the gateway's signed record of one tool call, in a transaction of its own. */
export async function recordReceipt(
  deps: CompanyDeps,
  session: AgentSession,
  receipt: NewReceipt,
  key: ReceiptSigner | string,
): Promise<{ id: string; signature: string }> {
  const signer = typeof key === "string" ? receiptSigner(key) : key;
  return await transact(deps, (unit) => recordReceiptIn(unit, session, receipt, signer));
}

/**
 * The same in the transaction that the call's effect is in: either both stand or neither. The signature covers the stored text
 * `body`: who, in which epoch, run and task, what with which arguments, how it ended, and the hash of the result.
 */
export async function recordReceiptIn(
  unit: Unit,
  session: Pick<AgentSession, "agentId" | "agent" | "epoch" | "taskId">,
  receipt: NewReceipt,
  signer: ReceiptSigner,
): Promise<{ id: string; signature: string; task: string | null }> {
  const task = session.taskId ?? (receipt.task ? await selectHeldTask(unit, receipt.task, session.agentId) : null);
  const of = { company: unit.companyId, id: receipt.id ?? unit.newId(), task, at: unit.now };
  const { row, gzip } = await signedReceipt(of, session, receipt, signer);
  if (await insertReceiptKey(unit, { id: signer.keyId, publicKey: signer.publicKey })) {
    // The audit chain is anchored outside the database: a key that is not in it was put there by nobody of ours.
    await unit.event({ type: "receipts.key", source: "system", payload: { key: signer.keyId, publicKey: signer.publicKey } });
  }
  if (gzip) await insertReceiptText(unit, { sha256: row.resultSha256, gzip });
  await insertReceipt(unit, row);
  return { id: row.id, signature: row.signature, task };
}

/** `gzip`: the whole result where the row does not hold it. */
export async function signedReceipt(
  of: { company: string; id: string; task: string | null; at: Date },
  session: Pick<AgentSession, "agentId" | "agent" | "epoch">,
  receipt: NewReceipt,
  signer: ReceiptSigner,
): Promise<{ row: StoredReceipt; gzip: Buffer | null }> {
  const { id, task, at } = of;
  const status = receipt.status ?? (receipt.ok ? "succeeded" : "failed");
  const result = await storedResult(receipt.result);
  const facts = status === "succeeded" ? [...(receipt.facts ?? [])] : [];
  const { effect = false, source = ownSource, tool, argumentsDigest, run } = receipt;
  const durationMs = Math.max(0, Math.round(receipt.durationMs));
  const body = canonicalJson({
    v: 2,
    id,
    company: of.company,
    agent: session.agent,
    epoch: session.epoch,
    run,
    task,
    tool,
    arguments: argumentsDigest,
    status,
    effect,
    source,
    facts,
    result: result.sha256,
    resultCharacters: result.characters,
    durationMs,
    at: at.toISOString(),
  });
  const row = {
    id,
    agentId: session.agentId,
    epoch: session.epoch,
    runId: run,
    taskId: task,
    tool,
    argumentsDigest,
    status,
    effect,
    source,
    facts,
    result: result.json,
    resultText: result.text,
    resultSha256: result.sha256,
    resultCharacters: result.characters,
    durationMs,
    signature: signer.sign(body),
    body,
    keyId: signer.keyId,
    at,
  };
  return { row, gzip: result.gzip };
}
