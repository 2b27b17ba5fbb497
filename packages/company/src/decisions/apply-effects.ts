import { agentRow } from "../agents/agent-row.ts";
import type { Unit } from "../company.ts";
import { closeEscalation } from "../escalations/queries.ts";
import { openEscalation } from "../escalations/open-escalation.ts";
import { remember } from "../memory/save-state.ts";
import { sendMessageIn } from "../messages/send-message.ts";
import { addWork } from "../work/add-work.ts";
import { dropWork } from "../work/queries.ts";
import type { Source } from "./advance.ts";
import { reasonText } from "./decision-view.ts";
import type { Effect } from "./machine.ts";
import { announceOutcome } from "./outcome.ts";
import { type DecisionRow, insertVote } from "./queries.ts";

/** Carries out what the rules decided, in their order; makes no choice of its own. `row.machine` is the state after the step. */
export async function applyEffects(unit: Unit, row: DecisionRow, effects: readonly Effect[], source: Source): Promise<void> {
  for (const effect of effects) await applyEffect(unit, row, effect, source);
}

async function applyEffect(unit: Unit, row: DecisionRow, effect: Effect, source: Source): Promise<void> {
  switch (effect.kind) {
    case "round_opened":
      return await askVoters(unit, row, effect);
    case "ballot_recorded":
      return await recordBallot(unit, row, effect, source);
    case "round_closed":
      // Asked for a ballot that no longer counts.
      await dropWork(unit, "vote", row.id);
      return await unit.event({
        type: "decision.round_closed",
        source: "system",
        target: row.proposer,
        payload: { decision: row.id, title: row.title, round: effect.round, phase: effect.phase },
      });
    case "escalated":
      await openEscalation(unit, { decisionId: row.id, title: row.title, reason: effect.reason });
      return await announceOutcome(unit, row, { status: "escalated", reason: effect.reason });
    case "sent_back":
      return await announceOutcome(unit, row, { status: "sent_back", reason: `a human asks: ${effect.comment}` });
    case "approved":
    case "vetoed":
      if (!effect.byHuman) {
        // A proposal that lapses ends an open round, or a wait for a human.
        await dropWork(unit, "vote", row.id);
        await closeEscalation(unit, row.id);
      }
      return await announceOutcome(unit, row, { status: effect.kind, reason: effect.reason });
    case "withdrawn":
      await dropWork(unit, "vote", row.id);
      await closeEscalation(unit, row.id);
      return await announceOutcome(unit, row, { status: "withdrawn", reason: `withdrawn by ${effect.by}` });
    case "overridden":
      await dropWork(unit, "vote", row.id);
      await closeEscalation(unit, row.id);
      return await announceOutcome(unit, row, { status: "overridden", reason: `overridden by ${effect.by}: ${effect.reason}` });
    default:
      return effect satisfies never;
  }
}

const asks = {
  heads: "cast your ballot",
  analysis: "give your analysis and leaning",
  final: "cast your final ballot",
} as const;

async function askVoters(unit: Unit, row: DecisionRow, effect: Extract<Effect, { kind: "round_opened" }>): Promise<void> {
  const { round, phase, voters, standing } = effect;
  await unit.event({
    type: "decision.round_opened",
    source: "system",
    target: row.proposer,
    payload: { decision: row.id, title: row.title, round, phase, deadline: effect.deadline, voters, standing },
  });
  for (const voter of voters) {
    await addWork(unit, {
      agent: await agentRow(unit, voter),
      kind: "vote",
      ref: row.id,
      reason: `${asks[phase]} on "${row.title}" (round ${round})`,
      priority: 8,
      dedupKey: `vote:${row.id}:${round}`,
    });
  }
  const payload = {
    decision_id: row.id,
    title: row.title,
    status: "pending",
    round,
    phase,
    reason: `${asks[phase]} by ${effect.deadline}`,
  };
  const { heads } = row.machine;
  const groups = {
    head: voters.some((voter) => heads.includes(voter)),
    clevel: [...voters, ...standing].some((voter) => !heads.includes(voter)),
  };
  for (const to of ["head", "clevel"] as const) {
    if (groups[to]) await sendMessageIn(unit, "system", { type: "decision", to, payload, priority: "high" });
  }
}

async function recordBallot(
  unit: Unit,
  row: DecisionRow,
  effect: Extract<Effect, { kind: "ballot_recorded" }>,
  source: Source,
): Promise<void> {
  const { ballot, round, phase } = effect;
  const cast = ballot.vote !== "no_answer" && !ballot.standing;
  const reason = reasonText({ number: round }, ballot);
  const epoch = cast ? (source.epoch ?? null) : null;
  await insertVote(unit, { id: unit.newId(), decisionId: row.id, round, phase, ballot, reason, epoch });
  if (!cast) return;
  await sendMessageIn(unit, ballot.voter, {
    type: "vote",
    to: "head",
    payload: { decision_id: row.id, round, vote: ballot.vote, reason },
  });
  const voter = await agentRow(unit, ballot.voter);
  await remember(unit, {
    agentId: voter.id,
    type: "decision",
    summary: `voted ${ballot.vote} on "${row.title}" in round ${round}: ${reason}`,
    details: { decision: row.id, round, vote: ballot.vote },
  });
}
