import type { Tx } from "@aito/db";
import type { AttachedTask, DecisionPhase, DecisionStatus, DecisionType } from "@aito/protocol";
import { sql } from "kysely";
import type { Writer } from "../company.ts";
import type { Ballot, Machine } from "./machine.ts";

/** The dangerous call that an approval releases. Without arguments the tool is released, not one call of it. */
export interface StoredAction {
  v: 1;
  tool: string;
  arguments: Record<string, unknown> | null;
  argumentsDigest: string | null;
  /** Whole number as text. */
  amountMicroUsd: string;
  timesMax: number;
}

export interface DecisionRow {
  id: string;
  title: string;
  description: string;
  proposed_by: string;
  proposer: string;
  decision_type: DecisionType;
  declared_type: DecisionType;
  type_reason: string | null;
  kind: string | null;
  status: DecisionStatus;
  amount_micro_usd: bigint;
  human_decision: string | null;
  human_comment: string | null;
  outcome_reason: string | null;
  valid_until: Date | null;
  attached_task: (AttachedTask & { v: 1 }) | null;
  attached_action: StoredAction | null;
  emergency: boolean;
  content_digest: string | null;
  /** The task whose budget the amount is taken from; null: the company's. */
  paid_by_task_id: string | null;
  exchange: { by: string; turn: number; text: string; at: string }[] | null;
  task_id: string | null;
  rehearsal: boolean;
  /** Where text from outside came from that its proposer, or who argued about it, had read; null: none. */
  taint: string | null;
  machine: Machine;
  created_at: Date;
  resolved_at: Date | null;
  /** Micro-dollars of model calls as text; null when a call's price is not known. Only where a view is read. */
  model_cost?: string | null;
}

const select = sql`select d.*, a.name as proposer,
    (select t.id from tasks t where t.decision_id = d.id order by t.created_at limit 1) as task_id,
    (select jsonb_agg(jsonb_build_object('by', g.head, 'turn', g.turn, 'text', g.text, 'at', g.created_at) order by g.created_at, g.id)
      from decision_arguments g where g.decision_id = d.id) as exchange
  from decisions d join agents a on a.id = d.proposed_by`;

/** A run that is about a decision began after it; so much may clocks differ. */
const clocksDifferMs = 60_000;

/**
 * With what their model calls cost. A run's are shared equally among what the run was about; one call of unknown price makes the sum unknown:
 * it is never shown as 0. Asked for all of a page at once: behind row-level security no index finds the runs of one decision.
 */
async function withModelCost(tx: Tx, rows: DecisionRow[]): Promise<DecisionRow[]> {
  if (rows.length === 0) return rows;
  const ids = rows.map(({ id }) => id);
  const since = new Date(Math.min(...rows.map((row) => row.created_at.getTime())) - clocksDifferMs);
  const found = await sql<{
    ref: string;
    cost: string | null;
  }>`select s.ref, case when bool_or(u.cost_micro_usd is null) then null
        else coalesce(sum(u.cost_micro_usd / greatest(1, s.shares)), 0)::bigint::text end as cost
    from (select distinct r.id, e.reason ->> 'ref' as ref, jsonb_array_length(r.reasons) as shares
      from runs r cross join lateral jsonb_array_elements(r.reasons) e (reason)
      where r.started_at >= ${since} and e.reason ->> 'ref' = any(${ids}::text[])) s
    join usage u on u.run_id = s.id and u.status < 400
    group by s.ref`.execute(tx.queries);
  const costs = new Map(found.rows.map(({ ref, cost }) => [ref, cost]));
  return rows.map((row) => ({ ...row, model_cost: costs.has(row.id) ? costs.get(row.id)! : "0" }));
}

/** What the seed's columns say about a machine, so that plain SQL can read a decision. */
export interface Columns {
  ceoVote: string | null;
  daoVote: string | null;
  /** `{ v: 1, cmo: "approve", … }` */
  councilVotes: Record<string, unknown>;
  phase: DecisionPhase | null;
  deadlineAt: Date | null;
}

export async function insertDecision(
  tx: Tx,
  row: Pick<
    DecisionRow,
    | "id"
    | "title"
    | "description"
    | "proposed_by"
    | "declared_type"
    | "type_reason"
    | "kind"
    | "amount_micro_usd"
    | "valid_until"
    | "rehearsal"
    | "attached_action"
    | "emergency"
    | "content_digest"
    | "paid_by_task_id"
  > & { attached_task: AttachedTask | null; machine: Machine; taint: string | null },
): Promise<void> {
  const task = row.attached_task ? JSON.stringify({ v: 1, ...row.attached_task }) : null;
  const action = row.attached_action ? JSON.stringify(row.attached_action) : null;
  await sql`insert into decisions (id, company_id, title, description, proposed_by, decision_type, declared_type, type_reason, kind,
      amount_micro_usd, valid_until, attached_task, machine, rehearsal, attached_action, emergency, content_digest, paid_by_task_id,
      taint, created_at)
    values (${row.id}, ${tx.companyId}, ${row.title}, ${row.description}, ${row.proposed_by}, ${row.machine.type}, ${row.declared_type},
      ${row.type_reason}, ${row.kind}, ${row.amount_micro_usd}, ${row.valid_until}, ${task}::jsonb, ${JSON.stringify(row.machine)}::jsonb,
      ${row.rehearsal}, ${action}::jsonb, ${row.emergency}, ${row.content_digest}, ${row.paid_by_task_id},
      coalesce(${row.taint}, aito_taint(${row.proposed_by})), ${tx.now})`.execute(tx.queries);
}

/** Locks the row: one processor per decision. */
export async function lockDecision(tx: Tx, id: string): Promise<DecisionRow | null> {
  const found = await sql<DecisionRow>`${select} where d.id = ${id} for update of d`.execute(tx.queries);
  return found.rows[0] ?? null;
}

export async function selectDecision(tx: Tx, id: string): Promise<DecisionRow | null> {
  const found = await sql<DecisionRow>`${select} where d.id = ${id}`.execute(tx.queries);
  return (await withModelCost(tx, found.rows))[0] ?? null;
}

/** Newest first (ids sort by time). */
export async function selectDecisions(
  tx: Tx,
  filter: { status?: DecisionStatus | undefined; before?: string | undefined; limit: number },
): Promise<DecisionRow[]> {
  const status = filter.status ? sql`and d.status = ${filter.status}` : sql``;
  const before = filter.before ? sql`and d.id < ${filter.before}::uuid` : sql``;
  const found = await sql<DecisionRow>`${select} where true ${status} ${before} order by d.id desc limit ${filter.limit}`.execute(
    tx.queries,
  );
  return await withModelCost(tx, found.rows);
}

/** Decisions with an open round, the one that closes first first. */
export async function selectInRound(tx: Tx, limit: number): Promise<DecisionRow[]> {
  const found = await sql<DecisionRow>`${select} where d.deadline_at > ${tx.now} and d.status = 'pending'
    order by d.deadline_at limit ${limit}`.execute(tx.queries);
  return found.rows;
}

export async function selectDue(tx: Tx, limit: number): Promise<string[]> {
  const found = await sql<{ id: string }>`select id from decisions
    where (deadline_at <= ${tx.now} and status = 'pending') or (valid_until <= ${tx.now} and status in ('pending', 'escalated'))
    order by coalesce(deadline_at, valid_until) limit ${limit}`.execute(tx.queries);
  return found.rows.map((row) => row.id);
}

/** Set when a decision leaves the open statuses. */
export const resolvedAt = (tx: Pick<Tx, "now">, { status }: Machine): Date | null =>
  status === "pending" || status === "escalated" ? null : tx.now;

/** What the agent's run has read from outside stands with the decision that its words are a part of. */
const taintBy = (agentId: string | null) => sql`taint = coalesce(taint, aito_taint(${agentId}::uuid))`;

export async function taintDecision(tx: Tx, id: string, agentId: string): Promise<void> {
  await sql`update decisions set ${taintBy(agentId)} where id = ${id}`.execute(tx.queries);
}

/** Writes the machine and the seed's columns, which are read off it. `agentId`: whose words the step holds, where an agent's. */
export async function updateMachine(
  tx: Tx,
  id: string,
  { machine, columns, agentId }: { machine: Machine; columns: Columns; agentId: string | null },
): Promise<void> {
  await sql`update decisions set machine = ${JSON.stringify(machine)}::jsonb, status = ${machine.status},
      veto_round = ${machine.rounds.length}, phase = ${columns.phase}, deadline_at = ${columns.deadlineAt},
      ceo_vote = ${columns.ceoVote}, dao_vote = ${columns.daoVote}, c_level_votes = ${JSON.stringify(columns.councilVotes)}::jsonb,
      outcome_reason = ${machine.outcomeReason}, resolved_at = ${resolvedAt(tx, machine)},
      ${taintBy(agentId)}
    where id = ${id}`.execute(tx.queries);
}

export async function updateHumanAnswer(tx: Tx, id: string, answer: { decision: string; comment: string }): Promise<void> {
  await sql`update decisions set human_decision = ${answer.decision}, human_comment = ${answer.comment} where id = ${id}`.execute(
    tx.queries,
  );
}

export function insertVote(
  tx: Writer,
  vote: {
    id: string;
    decisionId: string;
    round: number;
    phase: DecisionPhase;
    ballot: Ballot;
    reason: string;
    epoch: number | null;
  },
): void {
  const { voter, vote: said, at } = vote.ballot;
  tx.write(sql`insert into votes (id, company_id, decision_id, round, phase, voter, agent_id, vote, reason, epoch, cast_at)
    select ${vote.id}, ${tx.companyId}, ${vote.decisionId}, ${vote.round}::integer, ${vote.phase}, ${voter}, a.id, ${said}, ${vote.reason},
      ${vote.epoch}::integer, ${at}::timestamptz from agents a where a.name = ${voter}`);
}

/** Whether this voter itself cast a ballot on one of these decisions since then. */
export async function hasCast(tx: Tx, input: { voter: string; decisions: string[]; since: Date }): Promise<boolean> {
  const found = await sql`select 1 from votes where decision_id = any(${input.decisions}::uuid[]) and voter = ${input.voter}
    and epoch is not null and cast_at >= ${input.since} limit 1`.execute(tx.queries);
  return found.rows.length > 0;
}

/** What a proposer put forward in a window and was not refused, by kind and type. */
export async function sumProposed(
  tx: Tx,
  input: { agentId: string; since: Date },
): Promise<{ kind: string | null; type: DecisionType; total: bigint }[]> {
  const found = await sql<{ kind: string | null; type: DecisionType; total: string }>`select kind, decision_type as type,
      sum(amount_micro_usd)::text as total from decisions
    where proposed_by = ${input.agentId} and created_at > ${input.since} and status in ('pending', 'escalated', 'approved')
    group by kind, decision_type`.execute(tx.queries);
  return found.rows.map((row) => ({ ...row, total: BigInt(row.total) }));
}

/** What approvals have taken from the company's budget; what a task's budget pays was counted when that was approved. */
export async function sumApproved(tx: Tx, since: Date): Promise<bigint> {
  const found = await sql<{ total: string }>`select coalesce(sum(amount_micro_usd), 0)::text as total from decisions
    where status = 'approved' and resolved_at >= ${since} and paid_by_task_id is null`.execute(tx.queries);
  return BigInt(found.rows[0]!.total);
}

export interface VetoedRow {
  id: string;
  title: string;
  description: string;
  content_digest: string | null;
  resolved_at: Date;
}

/** What was vetoed by ballots or by a human, the newest first: all since `since`, and what has this content whenever it was. */
export async function selectVetoed(tx: Tx, input: { digest: string; since: Date; limit: number }): Promise<VetoedRow[]> {
  const found = await sql<VetoedRow>`select id, title, description, content_digest, resolved_at from decisions
    where status = 'vetoed' and outcome_reason not like 'expired:%' and (resolved_at > ${input.since} or content_digest = ${input.digest})
    order by resolved_at desc limit ${input.limit}`.execute(tx.queries);
  return found.rows;
}

export async function countArguments(tx: Tx, input: { decisionId: string; head: string }): Promise<number> {
  const found = await sql<{ turns: number }>`select count(*)::int as turns from decision_arguments
    where decision_id = ${input.decisionId} and head = ${input.head}`.execute(tx.queries);
  return found.rows[0]!.turns;
}

export function insertArgument(
  tx: Writer,
  row: { id: string; decisionId: string; agentId: string; head: string; turn: number; text: string; messageId: string },
): void {
  tx.write(sql`insert into decision_arguments (id, company_id, decision_id, agent_id, head, turn, text, message_id, created_at)
    values (${row.id}, ${tx.companyId}, ${row.decisionId}, ${row.agentId}, ${row.head}, ${row.turn}, ${row.text}, ${row.messageId},
      ${tx.now})`);
}

/** Decisions that may still spend from the budgets of these tasks. */
export async function selectPaidBy(tx: Tx, taskIds: string[]): Promise<string[]> {
  const found = await sql<{ id: string }>`select id from decisions
    where paid_by_task_id = any(${taskIds}::uuid[]) and status in ('pending', 'escalated', 'approved') order by id`.execute(
    tx.queries,
  );
  return found.rows.map((row) => row.id);
}
