import { often, type Tx } from "@aito/db";
import type { ApprovalStatus, CallFile } from "@aito/protocol";
import { sql } from "kysely";

export interface ApprovalRow {
  id: string;
  agent_id: string;
  agent: string;
  /** The agent's role, or the worker's type. */
  role: string;
  epoch: number;
  run_id: string | null;
  task_id: string | null;
  tool: string;
  schema_version: string;
  input_schema: Record<string, unknown>;
  arguments: Record<string, unknown>;
  files: CallFile[];
  digest: string;
  call_digest: string;
  amount_micro_usd: bigint;
  summary: string;
  rule: string;
  reason: string;
  status: ApprovalStatus;
  asked: number;
  inline: boolean;
  decision_id: string | null;
  permission_id: string | null;
  edited_from: string | null;
  /** What the asking call left, or what could not even begin. */
  receipt_id: string | null;
  /** What it left once it had begun. */
  ran_receipt_id: string | null;
  expires_at: Date;
  created_at: Date;
  answered_at: Date | null;
  answered_by: string | null;
  comment: string | null;
  started_at: Date | null;
  lease_until: Date | null;
  ended_at: Date | null;
  result: unknown;
  error: string | null;
}

export type NewApproval = Omit<
  ApprovalRow,
  "agent" | "role" | "asked" | "ran_receipt_id" | "created_at" | "comment" | "ended_at" | "result" | "error"
>;

const select = sql`select p.*, a.name as agent, a.type as role,
    (select x.receipt_id from actions x where x.approval_id = p.id) as ran_receipt_id
  from approvals p join agents a on a.id = p.agent_id`;

/** The receipt that says how the call ended, or that it was not made without a human; null: it left none. */
export const receiptOfCall = (row: Pick<ApprovalRow, "receipt_id" | "ran_receipt_id">): string | null =>
  row.ran_receipt_id ?? row.receipt_id;

export async function insertApproval(tx: Tx, row: NewApproval): Promise<void> {
  await sql`insert into approvals (id, company_id, agent_id, epoch, run_id, task_id, tool, schema_version, input_schema, arguments, files,
      digest, call_digest, amount_micro_usd, summary, rule, reason, status, inline, decision_id, permission_id, edited_from, receipt_id,
      expires_at, created_at, answered_at, answered_by, started_at, lease_until)
    values (${row.id}, ${tx.companyId}, ${row.agent_id}, ${row.epoch}, ${row.run_id}, ${row.task_id}, ${row.tool}, ${row.schema_version},
      ${JSON.stringify(row.input_schema)}::jsonb, ${JSON.stringify(row.arguments)}::jsonb, ${JSON.stringify(row.files)}::jsonb,
      ${row.digest}, ${row.call_digest}, ${row.amount_micro_usd}, ${row.summary}, ${row.rule}, ${row.reason}, ${row.status}, ${row.inline},
      ${row.decision_id}, ${row.permission_id}, ${row.edited_from}, ${row.receipt_id}, ${row.expires_at}, ${tx.now}, ${row.answered_at},
      ${row.answered_by}, ${row.started_at}, ${row.lease_until})`.execute(tx.queries);
}

export async function selectApproval(tx: Tx, id: string, lock = false): Promise<ApprovalRow | null> {
  const found = await sql<ApprovalRow>`${select} where p.id = ${id} ${lock ? sql`for update of p` : sql``}`.execute(tx.queries);
  return found.rows[0] ?? null;
}

/**
 * The same call of the same agent that waits, whichever incarnation asked for it first: a restart makes no second one of it. Asking again
 * is counted with it.
 */
export async function joinWaiting(tx: Tx, call: { agentId: string; callDigest: string }): Promise<ApprovalRow | null> {
  const found = await sql<{ id: string }>`update approvals set asked = asked + 1 where id = (select id from approvals
      where agent_id = ${call.agentId} and call_digest = ${call.callDigest} and status = 'waiting' and expires_at > ${tx.now}
      order by id limit 1 for update) returning id`.execute(tx.queries);
  return found.rows[0] ? await selectApproval(tx, found.rows[0].id) : null;
}

/** Newest first; `before` is the id of the last one already seen. */
export async function selectApprovals(
  tx: Tx,
  filter: { status?: ApprovalStatus | undefined; before?: string | undefined; limit: number },
): Promise<ApprovalRow[]> {
  const status = filter.status ? sql`and p.status = ${filter.status}` : sql``;
  const before = filter.before ? sql`and p.id < ${filter.before}::uuid` : sql``;
  const found = await sql<ApprovalRow>`${select} where true ${status} ${before} order by p.id desc limit ${filter.limit}`.execute(
    tx.queries,
  );
  return found.rows;
}

/** Those that there are, locked in the order of their ids, so that no two answers wait for each other. */
export async function lockApprovals(tx: Tx, ids: readonly string[]): Promise<ApprovalRow[]> {
  const found = await sql<ApprovalRow>`${select} where p.id = any(${[...ids]}::uuid[]) order by p.id for update of p`.execute(
    tx.queries,
  );
  return found.rows;
}

/** Of any number of callers at once one is told true: the row leaves `from` once. */
export async function moveApproval(
  tx: Tx,
  id: string,
  step: {
    from: ApprovalStatus;
    to: ApprovalStatus;
    by?: string;
    comment?: string | null;
    result?: unknown;
    error?: string | null;
    leaseUntil?: Date;
    /** Of one that leaves a receipt and did not begin. */
    receiptId?: string;
  },
): Promise<boolean> {
  const parts = [sql`status = ${step.to}`];
  if (step.by !== undefined) parts.push(sql`answered_by = ${step.by}, answered_at = ${tx.now}`);
  if (step.comment !== undefined) parts.push(sql`comment = ${step.comment}`);
  if (step.result !== undefined) parts.push(sql`result = ${JSON.stringify(step.result)}::jsonb`);
  if (step.error !== undefined) parts.push(sql`error = ${step.error}`);
  if (step.receiptId !== undefined) parts.push(sql`receipt_id = ${step.receiptId}`);
  if (step.leaseUntil) parts.push(sql`lease_until = ${step.leaseUntil}, started_at = ${tx.now}`);
  if (!stillOpen.has(step.to)) parts.push(sql`ended_at = ${tx.now}`);
  const found =
    await sql`update approvals set ${sql.join(parts, sql`, `)} where id = ${id} and status = ${step.from} returning id`.execute(
      tx.queries,
    );
  return found.rows.length > 0;
}
const stillOpen: ReadonlySet<ApprovalStatus> = new Set(["waiting", "approved", "executing"]);

/** What is approved and has not begun, the longest waiting first. */
export async function approvedIds(tx: Tx, limit: number): Promise<string[]> {
  const found = await sql<{ id: string }>`select id from approvals where status = 'approved'
    order by answered_at, id limit ${limit}`.execute(tx.queries);
  return found.rows.map(({ id }) => id);
}

/** An approval whose end its agent is told by a message; who waits inside its call is answered there. */
const toldLater = sql`(status in ('waiting', 'approved') or (status = 'executing' and not inline))`;

/** Whether a call of this agent waits for a human, or runs since one approved it. */
export async function hasOpenCall(tx: Tx, agentId: string): Promise<boolean> {
  const found = await sql`select 1 from approvals where agent_id = ${agentId} and ${toldLater} limit 1`.execute(tx.queries);
  return found.rows.length > 0;
}

/** When the newest of this agent's calls that had waited for a human was answered, or ended; null: none had. */
export async function lastCallEnd(tx: Tx, agentId: string): Promise<Date | null> {
  const found = await sql<{ at: Date | null }>`select max(coalesce(ended_at, answered_at, expires_at)) as at from approvals
    where agent_id = ${agentId} and not ${toldLater}`.execute(tx.queries);
  return found.rows[0]!.at;
}

/** Nobody answered, or what was approved did not begin in time; and calls of which nothing was heard again. */
export async function anyOpen(tx: Tx): Promise<boolean> {
  const found = await often(sql<{ open: boolean }>`select exists (
    select 1 from approvals where status in ('waiting', 'approved', 'executing')) or exists (select 1 from begun_calls) as open`).execute(
    tx.queries,
  );
  return found.rows[0]!.open;
}

/** What left a trace is not among them before it has been looked for since `lookedForSince`. */
export async function overdueIds(tx: Tx, { lookedForSince, limit }: { lookedForSince: Date; limit: number }): Promise<string[]> {
  const found = await sql<{ id: string }>`select id from approvals
    where (status in ('waiting', 'approved') and expires_at <= ${tx.now})
      or (status = 'executing' and lease_until <= ${tx.now} and (trace is null or started_at <= ${lookedForSince}))
    order by id limit ${limit}`.execute(tx.queries);
  return found.rows.map(({ id }) => id);
}

export async function updateTrace(tx: Tx, id: string, trace: Record<string, unknown>): Promise<void> {
  await sql`update approvals set trace = ${JSON.stringify(trace)}::jsonb where id = ${id}`.execute(tx.queries);
}

export interface LostRow {
  id: string;
  agentId: string;
  tool: string;
  trace: Record<string, unknown>;
}

/** Begun calls with a trace whose lease is over, which is the caller's from here on until `leaseUntil`. */
export async function takeLost(
  tx: Tx,
  { begunSince, leaseUntil, limit }: { begunSince: Date; leaseUntil: Date; limit: number },
): Promise<LostRow[]> {
  const found = await sql<LostRow>`update approvals set lease_until = ${leaseUntil}
    where id in (select id from approvals where status = 'executing' and lease_until <= ${tx.now} and trace is not null
      and started_at > ${begunSince} order by id limit ${limit} for update skip locked) returning id, agent_id as "agentId", tool, trace`.execute(
    tx.queries,
  );
  return found.rows;
}

export async function storeFile(tx: Tx, file: { sha256: string; content: Buffer }): Promise<void> {
  await sql`insert into call_files (company_id, sha256, content, created_at)
    values (${tx.companyId}, ${file.sha256}, ${file.content}, ${tx.now}) on conflict do nothing`.execute(tx.queries);
}

export async function selectFile(tx: Tx, hash: string): Promise<Buffer | null> {
  const found = await sql<{ content: Uint8Array }>`select content from call_files where sha256 = ${hash}`.execute(tx.queries);
  return found.rows[0] ? Buffer.from(found.rows[0].content) : null;
}
