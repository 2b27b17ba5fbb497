import { agentRow, agentsNamed } from "../agents/agent-row.ts";
import type { Unit } from "../company.ts";
import { closeEscalation } from "../escalations/queries.ts";
import { openEscalation } from "../escalations/open-escalation.ts";
import { remember } from "../memory/remember.ts";
import { sendMessageIn } from "../messages/send-message.ts";
import { addWorks } from "../work/add-work.ts";
import { dropWork } from "../work/queries.ts";
import type { Source } from "./advance.ts";
import { reasonText } from "./reason-text.ts";
import type { Effect } from "./machine.ts";
import { announceOutcome } from "./outcome.ts";
import { type DecisionRow, insertVote } from "./queries.ts";

/** A step that was made: the row as it leaves it, and the status before. */
interface Change {
  row: DecisionRow;
  was: DecisionRow["status"];
}

/** Carries out what the rules decided, in their order; makes no choice of its own. */
export async function applyEffects(unit: Unit, change: Change, effects: readonly Effect[], source: Source): Promise<void> {
  // Asked for a ballot that no longer counts, or waiting for an answer that no longer does.
  if (effects.some((effect) => endsAsking.has(effect.kind))) await dropWork(unit, "vote", change.row.id);
  const over = effects.some((effect) => endings.has(effect.kind) && !("byHuman" in effect && effect.byHuman));
  if (over && change.was === "escalated") await closeEscalation(unit, change.row.id);
  for (const effect of effects) await applyEffect(unit, change.row, effect, source);
}

const endings: ReadonlySet<Effect["kind"]> = new Set(["approved", "vetoed", "withdrawn", "overridden"]);
const endsAsking: ReadonlySet<Effect["kind"]> = new Set(["round_closed", ...endings]);

async function applyEffect(unit: Unit, row: DecisionRow, effect: Effect, source: Source): Promise<void> {
  switch (effect.kind) {
    case "round_opened":
      return await askVoters(unit, row, effect);
    case "ballot_recorded":
      return await recordBallot(unit, row, effect, source);
    case "round_closed":
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
      return await announceOutcome(unit, row, { status: effect.kind, reason: effect.reason });
    case "withdrawn":
      return await announceOutcome(unit, row, { status: "withdrawn", reason: `withdrawn by ${effect.by}` });
    case "overridden":
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
  const asked = await agentsNamed(unit, voters);
  await addWorks(
    unit,
    asked.map((agent) => ({
      agent,
      kind: "vote",
      ref: row.id,
      reason: `${asks[phase]} on "${row.title}" (round ${round})`,
      priority: 8,
      dedupKey: `vote:${row.id}:${round}`,
    })),
  );
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
  insertVote(unit, { id: unit.newId(), decisionId: row.id, round, phase, ballot, reason, epoch });
  if (!cast) return;
  await sendMessageIn(unit, ballot.voter, {
    type: "vote",
    to: "head",
    payload: { decision_id: row.id, round, vote: ballot.vote, reason },
  });
  remember(unit, {
    agentId: source.agentId ?? (await agentRow(unit, ballot.voter)).id,
    type: "decision",
    summary: `voted ${ballot.vote} on "${row.title}" in round ${round}: ${reason}`,
    details: { decision: row.id, round, vote: ballot.vote },
  });
}
