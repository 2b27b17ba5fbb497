import type { Tx } from "@aito/db";
import type { Fact, ReceiptStatus } from "@aito/protocol";
import { sql } from "kysely";

/** A receipt as it is stored. */
export interface StoredReceipt {
  id: string;
  agentId: string;
  epoch: number;
  runId: string | null;
  taskId: string | null;
  tool: string;
  argumentsDigest: string;
  status: ReceiptStatus;
  effect: boolean;
  source: string;
  facts: readonly Fact[];
  result: unknown;
  resultText: string;
  resultSha256: string;
  resultCharacters: number;
  durationMs: number;
  signature: string;
  body: string;
  keyId: string;
  at: Date;
}

/** A receipt that stands already stays as it is. */
export async function insertReceipt(tx: Tx, receipt: StoredReceipt): Promise<void> {
  await sql`insert into receipts (id, company_id, agent_id, epoch, run_id, task_id, tool, arguments_digest, ok, status, effect, source,
      facts, result, result_text, result_sha256, result_characters, duration_ms, signature, body, key_id, created_at)
    values (${receipt.id}, ${tx.companyId}, ${receipt.agentId}, ${receipt.epoch}, ${receipt.runId}, ${receipt.taskId}, ${receipt.tool},
      ${receipt.argumentsDigest}, ${receipt.status === "succeeded"}, ${receipt.status}, ${receipt.effect}, ${receipt.source},
      ${JSON.stringify(receipt.facts)}::jsonb, ${JSON.stringify(receipt.result)}::jsonb, ${receipt.resultText}, ${receipt.resultSha256},
      ${receipt.resultCharacters}, ${receipt.durationMs}, ${receipt.signature}, ${receipt.body}, ${receipt.keyId},
      ${receipt.at}) on conflict (id) do nothing`.execute(tx.queries);
}

export async function selectReceiptStatus(tx: Tx, id: string): Promise<ReceiptStatus | null> {
  const found = await sql<{ status: ReceiptStatus }>`select status from receipts where id = ${id}`.execute(tx.queries);
  return found.rows[0]?.status ?? null;
}

/** True when the key was not known yet. */
export async function insertReceiptKey(tx: Tx, key: { id: string; publicKey: string }): Promise<boolean> {
  const found = await sql`insert into receipt_keys (company_id, id, public_key, created_at)
    values (${tx.companyId}, ${key.id}, ${key.publicKey}, ${tx.now}) on conflict do nothing returning id`.execute(tx.queries);
  return found.rows.length > 0;
}

export async function selectReceiptKeys(tx: Tx): Promise<{ id: string; public_key: string; created_at: Date }[]> {
  const found = await sql<{
    id: string;
    public_key: string;
    created_at: Date;
  }>`select id, public_key, created_at from receipt_keys
    order by created_at, id`.execute(tx.queries);
  return found.rows;
}

/** Keys as the audit log has them: what is in the table and not here, or otherwise, was put there. */
export async function selectAuditedKeys(tx: Tx): Promise<Map<string, string>> {
  const found = await sql<{ key: string; public_key: string }>`select payload->>'key' as key, payload->>'publicKey' as public_key
    from events where event_type = 'receipts.key'`.execute(tx.queries);
  return new Map(found.rows.map((row) => [row.key, row.public_key]));
}

/** Equal texts are kept once, for as long as the newest receipt of them is kept whole. */
export async function insertReceiptText(tx: Tx, text: { sha256: string; gzip: Buffer }): Promise<void> {
  await sql`insert into receipt_texts (company_id, sha256, gzip, used_at) values (${tx.companyId}, ${text.sha256}, ${text.gzip}, ${tx.now})
    on conflict (company_id, sha256) do update set used_at = excluded.used_at`.execute(tx.queries);
}

export async function selectReceiptText(tx: Tx, hash: string): Promise<Uint8Array | null> {
  const found = await sql<{ gzip: Uint8Array }>`select gzip from receipt_texts where sha256 = ${hash}`.execute(tx.queries);
  return found.rows[0]?.gzip ?? null;
}

export async function deleteReceiptTextsBefore(tx: Tx, before: Date): Promise<void> {
  await sql`delete from receipt_texts where used_at < ${before}`.execute(tx.queries);
}

/** The task's id where this agent holds it or works on it; else null. */
export async function selectHeldTask(tx: Tx, taskId: string, agentId: string): Promise<string | null> {
  const found = await sql<{ id: string }>`select id from tasks where id = ${taskId}
    and (assigned_to = ${agentId} or worker_agent_id = ${agentId})`.execute(tx.queries);
  return found.rows[0]?.id ?? null;
}

/** A whole receipt. */
export interface SignedRow {
  id: string;
  agent: string;
  epoch: number | null;
  run_id: string | null;
  task_id: string | null;
  tool: string;
  arguments_digest: string;
  ok: boolean;
  status: ReceiptStatus;
  effect: boolean;
  source: string;
  facts: Fact[];
  result: unknown;
  result_text: string;
  result_sha256: string | null;
  result_characters: number;
  duration_ms: number;
  signature: string;
  body: string | null;
  key_id: string | null;
  created_at: Date;
}

const signedRow = sql`select r.id, a.name as agent, r.epoch, r.run_id, r.task_id, r.tool, r.arguments_digest, r.ok, r.status, r.effect,
    r.source, r.facts, r.result, r.result_text, r.result_sha256, r.result_characters, r.duration_ms, r.signature, r.body, r.key_id,
    r.created_at
  from receipts r join agents a on a.id = r.agent_id`;

export interface ReceiptFilter {
  limit: number;
  before?: string | undefined;
  task?: string | undefined;
  run?: string | undefined;
  agent?: string | undefined;
  tool?: string | undefined;
}

/** Newest first. */
export async function selectReceipts(tx: Tx, filter: ReceiptFilter): Promise<SignedRow[]> {
  const parts = [
    filter.before ? sql`and r.id < ${filter.before}::uuid` : sql``,
    filter.task ? sql`and r.task_id = ${filter.task}::uuid` : sql``,
    filter.run ? sql`and r.run_id = ${filter.run}::uuid` : sql``,
    filter.agent ? sql`and a.name = ${filter.agent}` : sql``,
    filter.tool ? sql`and r.tool = ${filter.tool}` : sql``,
  ];
  const found = await sql<SignedRow>`${signedRow} where true ${sql.join(parts, sql` `)}
    order by r.id desc limit ${filter.limit}`.execute(tx.queries);
  return found.rows;
}

/** The approval that a human was asked for a receipt's call: the one that it names, else the one of the action that it is of. */
export async function selectApprovalOf(tx: Tx, of: { receipt: string; named: string | null }): Promise<string | null> {
  const found = await sql<{ id: string }>`select p.id from receipts r join approvals p on p.agent_id = r.agent_id and not p.inline
      and p.id = coalesce(${of.named}::uuid, (select x.approval_id from actions x
        where x.agent_id = r.agent_id and x.tool = r.tool and x.receipt_id = r.id limit 1))
    where r.id = ${of.receipt}`.execute(tx.queries);
  return found.rows[0]?.id ?? null;
}

/** What was done for a task, or tried: of each tool the newest call that succeeded, and the newest that did not. */
export async function selectActsOfTask(tx: Tx, taskId: string): Promise<SignedRow[]> {
  const found = await sql<SignedRow>`select s.* from (select distinct on (r.tool, r.source, r.status = 'succeeded') r.id
      from receipts r where r.task_id = ${taskId} and r.effect order by r.tool, r.source, r.status = 'succeeded', r.id desc) n
    join lateral (${signedRow} where r.id = n.id) s on true`.execute(tx.queries);
  return found.rows;
}

export async function selectReceiptsById(tx: Tx, ids: readonly string[]): Promise<SignedRow[]> {
  if (ids.length === 0) return [];
  const found = await sql<SignedRow>`${signedRow} where r.id = any(${[...ids]}::uuid[])`.execute(tx.queries);
  return found.rows;
}

export interface ReceiptRow {
  id: string;
  agent: string;
  tool: string;
  ok: boolean;
  result: unknown;
  created_at: Date;
}

/**
 * What the run that brought a proposal had called until then, oldest first, the proposing call itself left out. The call is found
 * by its result, within `withinSeconds` of the decision's row. Empty for an operator's proposal.
 */
export async function receiptsBehindProposal(
  tx: Tx,
  decision: { id: string; createdAt: Date },
  { withinSeconds, limit }: { withinSeconds: number; limit: number },
): Promise<ReceiptRow[]> {
  const from = new Date(decision.createdAt.getTime() - withinSeconds * 1_000);
  const until = new Date(decision.createdAt.getTime() + withinSeconds * 1_000);
  const found = await sql<ReceiptRow>`with proposing as (
      select run_id, created_at from receipts
      where created_at between ${from} and ${until} and tool = 'propose_decision' and ok and result->>'decision_id' = ${decision.id}
        and run_id is not null
      limit 1)
    select r.id, a.name as agent, r.tool, r.ok, r.result, r.created_at
    from proposing p join receipts r on r.run_id = p.run_id and r.created_at < p.created_at join agents a on a.id = r.agent_id
    order by r.created_at desc, r.id desc limit ${limit}`.execute(tx.queries);
  return found.rows.toReversed();
}

/** The last calls of a run before a time, oldest first. */
export async function receiptsOfRun(
  tx: Tx,
  { run, before }: { run: string; before: Date },
  limit: number,
): Promise<ReceiptRow[]> {
  const found = await sql<ReceiptRow>`select r.id, a.name as agent, r.tool, r.ok, r.result, r.created_at
    from receipts r join agents a on a.id = r.agent_id where r.run_id = ${run} and r.created_at < ${before}
    order by r.created_at desc, r.id desc limit ${limit}`.execute(tx.queries);
  return found.rows.toReversed();
}

/** Successful calls made under a task, the newest first. */
export async function receiptsOfTask(tx: Tx, taskId: string, limit: number): Promise<string[]> {
  const found = await sql<{ id: string }>`select id from receipts where task_id = ${taskId} and ok and effect
    order by created_at desc, id desc limit ${limit}`.execute(tx.queries);
  return found.rows.map((row) => row.id);
}

export interface BegunRow {
  id: string;
  agentId: string;
  agent: string;
  epoch: number;
  run: string | null;
  task: string | null;
  tool: string;
  argumentsDigest: string;
  effect: boolean;
  source: string;
  begunAt: Date;
  trace: Record<string, unknown> | null;
}

export async function insertBegun(
  tx: Tx,
  row: Omit<BegunRow, "agent" | "begunAt" | "trace"> & { leaseUntil: Date },
): Promise<void> {
  await sql`insert into begun_calls (id, company_id, agent_id, epoch, run_id, task_id, tool, arguments_digest, effect, source, begun_at,
      lease_until)
    values (${row.id}, ${tx.companyId}, ${row.agentId}, ${row.epoch}, ${row.run}, ${row.task}, ${row.tool}, ${row.argumentsDigest},
      ${row.effect}, ${row.source}, ${tx.now}, ${row.leaseUntil})`.execute(tx.queries);
}

export async function extendBegun(tx: Tx, id: string, until: Date): Promise<void> {
  await sql`update begun_calls set lease_until = ${until} where id = ${id}`.execute(tx.queries);
}

export async function updateTrace(tx: Tx, id: string, trace: Record<string, unknown>): Promise<void> {
  await sql`update begun_calls set trace = ${JSON.stringify(trace)}::jsonb where id = ${id}`.execute(tx.queries);
}

/** False when it was ended already. */
export async function deleteBegun(tx: Tx, id: string): Promise<boolean> {
  const found = await sql`delete from begun_calls where id = ${id} returning id`.execute(tx.queries);
  return found.rows.length > 0;
}

/** Begun calls whose lease is over, locked; those that another gateway has at this moment are left to it. */
export async function takeLostCalls(tx: Tx, limit: number): Promise<BegunRow[]> {
  const found =
    await sql<BegunRow>`select b.id, b.agent_id as "agentId", a.name as agent, b.epoch, b.run_id as run, b.task_id as task,
      b.tool, b.arguments_digest as "argumentsDigest", b.effect, b.source, b.begun_at as "begunAt", b.trace
    from begun_calls b join agents a on a.id = b.agent_id where b.lease_until <= ${tx.now}
    order by b.begun_at, b.id limit ${limit} for update of b skip locked`.execute(tx.queries);
  return found.rows;
}
