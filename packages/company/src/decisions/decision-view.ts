import { AitoError } from "@aito/base";
import { type DecisionStatus, type DecisionView, Id } from "@aito/protocol";
import { type CompanyDeps, transact } from "../company.ts";
import { openRound } from "./machine.ts";
import { type DecisionRow, selectDecision, selectDecisions } from "./queries.ts";
import { reasonText } from "./reason-text.ts";

const pageMax = 500;

/** Rounds and ballots come from the machine, so that a view never differs from what the rules saw. */
export function toDecisionView(row: DecisionRow): DecisionView {
  const { machine } = row;
  const open = openRound(machine);
  return {
    id: row.id,
    title: row.title,
    description: row.description,
    type: machine.type,
    declaredType: row.declared_type,
    typeReason: row.type_reason,
    status: machine.status,
    proposedBy: row.proposer,
    amountMicroUsd: row.amount_micro_usd.toString(),
    round: machine.rounds.length,
    phase: open?.phase ?? null,
    deadlineAt: open?.deadline ?? null,
    rounds: machine.rounds.map((round) => ({
      round: round.number,
      phase: round.phase,
      votes: round.ballots.map((ballot) => ({
        voter: ballot.voter,
        vote: ballot.vote,
        reason: reasonText(round, ballot),
        castAt: ballot.vote === "no_answer" ? null : ballot.at,
      })),
    })),
    humanDecision: row.human_decision,
    humanComment: row.human_comment,
    outcomeReason: machine.outcomeReason,
    taskId: row.task_id,
    kind: row.kind,
    emergency: row.emergency,
    exchange: (row.exchange ?? []).map((turn) => ({ ...turn, at: new Date(turn.at).toISOString() })),
    action: row.attached_action && {
      tool: row.attached_action.tool,
      arguments: row.attached_action.arguments,
      amountMicroUsd: row.attached_action.amountMicroUsd,
      timesMax: row.attached_action.timesMax,
    },
    createdAt: row.created_at.toISOString(),
    resolvedAt: row.resolved_at?.toISOString() ?? null,
    modelCostMicroUsd: row.model_cost ?? null,
  };
}

export const decisionUnknown = (id: string): AitoError =>
  new AitoError("AITO_DECISION_UNKNOWN", `there is no decision with id ${id.slice(0, 60)}`, {
    hint: "see the ids with: aito decisions",
    status: 404,
  });

/** Throws AITO_DECISION_UNKNOWN for what is not an id at all, before Postgres refuses to compare it. */
export function checkDecisionId(id: string): void {
  if (!Id.safeParse(id).success) throw decisionUnknown(id);
}

/** Throws AITO_DECISION_UNKNOWN. */
export async function decisionView(deps: CompanyDeps, id: string): Promise<DecisionView> {
  checkDecisionId(id);
  const row = await transact(deps, (unit) => selectDecision(unit, id));
  if (!row) throw decisionUnknown(id);
  return toDecisionView(row);
}

/** Newest first; `before` is the id of the last one already seen. */
export async function listDecisions(
  deps: CompanyDeps,
  filter: { status?: DecisionStatus | undefined; limit?: number; before?: string | undefined } = {},
): Promise<DecisionView[]> {
  if (filter.before !== undefined) checkDecisionId(filter.before);
  const limit = Math.min(Math.max(filter.limit ?? 100, 1), pageMax);
  const rows = await transact(deps, (unit) => selectDecisions(unit, { ...filter, limit }));
  return rows.map(toDecisionView);
}
