import { AitoError } from "@aito/base";
import type { Unit } from "../company.ts";
import { applyEffects } from "./apply-effects.ts";
import { columnsOf } from "./columns.ts";
import { checkDecisionId, decisionUnknown } from "./decision-view.ts";
import type { DecisionEvent, RefusalCode, Step } from "./machine.ts";
import { type DecisionRow, lockDecision, resolvedAt, updateMachine } from "./queries.ts";
import { step } from "./rules.ts";

/** Who brought the event, for the audit record; `epoch` fences an agent's ballot. */
export interface Source {
  name: string;
  epoch?: number;
  /** Of who is an agent: the decision carries what its run has read. */
  agentId?: string;
}

const hints: Partial<Record<RefusalCode, string>> = {
  AITO_VOTE_CAST: "a later round may ask again; until then the ballot stands",
  AITO_VOTE_LATE: "it is recorded as no_answer; a later round may ask again",
  AITO_VOTE_NOT_YOURS: "vote only on the decisions that wait for you; the council's proposer is recused in the final round",
  AITO_DECISION_WITH_HUMAN: "see it with: aito escalations",
  AITO_ESCALATION_SENT_BACK: "answer approve or veto",
};
const statuses: Partial<Record<RefusalCode, number>> = { AITO_VOTE_NOT_YOURS: 403, AITO_DECISION_NOT_YOURS: 403 };

/** Locks the decision's row until the transaction ends: one processor per decision. Throws AITO_DECISION_UNKNOWN. */
export async function lockedDecision(unit: Unit, id: string): Promise<DecisionRow> {
  checkDecisionId(id);
  const row = await lockDecision(unit, id);
  if (!row) throw decisionUnknown(id);
  return row;
}

/**
 * Asks the rules and carries out what they say, in the caller's transaction. The row must be locked. Answers it as the step leaves
 * it, without what only a read for a view knows (its cost). Throws the refusal.
 */
export async function advance(unit: Unit, row: DecisionRow, event: DecisionEvent, source: Source): Promise<DecisionRow> {
  const next = step(row.machine, event, unit.now);
  if (!next.ok) throw refusal(row.id, next);
  // An identical repeat: nothing happened, so nothing is recorded.
  if (next.effects.length === 0 && next.state.steps === row.machine.steps) return row;
  return await record(unit, row, event, next, source);
}

/** Stores a step: state, the event as it was (from which the state can be replayed), and its effects. */
export async function record(
  unit: Unit,
  row: DecisionRow,
  event: DecisionEvent,
  next: Extract<Step, { ok: true }>,
  source: Source,
): Promise<DecisionRow> {
  await updateMachine(unit, row.id, { machine: next.state, columns: columnsOf(next.state), agentId: source.agentId ?? null });
  await unit.event({
    type: `decision.${event.kind}`,
    source: source.name,
    target: event.kind === "opened" ? null : row.proposer,
    payload: { decision: row.id, title: row.title, step: next.state.steps, input: event },
  });
  const after = { ...row, machine: next.state, status: next.state.status, resolved_at: resolvedAt(unit, next.state) };
  await applyEffects(unit, { row: after, was: row.status }, next.effects, source);
  return after;
}

function refusal(id: string, { code, message }: Extract<Step, { ok: false }>): AitoError {
  return new AitoError(code, `decision ${id}: ${message}`, { hint: hints[code], status: statuses[code] ?? 409 });
}
