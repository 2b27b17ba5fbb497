import type { DecisionStatus } from "@aito/protocol";
import {
  type DecisionEvent,
  type DecisionSetup,
  type Effect,
  type Machine,
  openRound,
  type RefusalCode,
  refusals,
  type Step,
} from "./machine.ts";
import { openDiscussion, openNextRound, settle, type Turn } from "./rounds.ts";
import { votersOf } from "./voters.ts";

/**
 * The decision machine: a total function of state, event and time. Every pair is a step or a coded refusal; it never throws,
 * never reads a clock, and never changes its arguments. `state` is null before `opened`.
 */
export function step(state: Machine | null, event: DecisionEvent, now: Date): Step {
  if (event.kind === "opened") return state ? refuse("AITO_DECISION_OPEN") : open(event.setup, now);
  if (!state) return refuse("AITO_DECISION_UNOPENED");
  const turn: Turn = { state: copy(state), effects: [], now };
  switch (event.kind) {
    case "ballot":
      return ballot(turn, event);
    case "deadline":
      return deadline(turn);
    case "human":
      return human(turn, event);
    case "withdrawn":
      if (event.by !== state.proposer) return refuse("AITO_DECISION_NOT_YOURS");
      if (!isOpen(state)) return refuse("AITO_DECISION_CLOSED");
      return end(turn, "withdrawn", `withdrawn by ${event.by}`, { kind: "withdrawn", by: event.by });
    case "expired":
      if (!isOpen(state)) return refuse("AITO_DECISION_CLOSED");
      if (!isExpired(state, now)) return refuse("AITO_DECISION_NOT_DUE");
      return end(turn, "vetoed", expiredReason, { kind: "vetoed", reason: expiredReason, byHuman: false });
    case "overridden": {
      const { by, reason } = event;
      if (state.status === "overridden" || state.status === "withdrawn") return refuse("AITO_DECISION_CLOSED");
      return end(turn, "overridden", `overridden by ${by}: ${reason}`, { kind: "overridden", by, reason, was: state.status });
    }
    default:
      return event satisfies never;
  }
}

/** The state after a recorded course of events; null when one of them is refused, which a true record never holds. */
export function replay(record: readonly { event: DecisionEvent; at: string }[]): Machine | null {
  let state: Machine | null = null;
  for (const { event, at } of record) {
    const next: Step = step(state, event, new Date(at));
    if (!next.ok) return null;
    state = next.state;
  }
  return state;
}

/** Pending or with a human: it can still change without an override. */
export const isOpen = (state: Machine): boolean => state.status === "pending" || state.status === "escalated";

export const isExpired = (state: Machine, now: Date): boolean =>
  state.validUntil !== null && now.getTime() >= Date.parse(state.validUntil);

const expiredReason = "expired: nobody decided before the proposal lapsed";

function open(setup: DecisionSetup, now: Date): Step {
  const distinct = new Set(setup.heads).size === setup.heads.length;
  const guarded = setup.guardian === null || setup.heads.includes(setup.guardian);
  if (setup.heads.length < 1 || setup.heads.length > 2 || !distinct || !guarded) return refuse("AITO_DECISION_SETUP");
  const council = [...new Set(setup.council)].filter((member) => !setup.heads.includes(member));
  const turn: Turn = {
    state: {
      ...setup,
      council,
      v: 1,
      steps: 1,
      status: "pending",
      rounds: [],
      discussionsUsed: 0,
      sendBacksUsed: 0,
      outcomeReason: null,
    },
    effects: [],
    now,
  };
  if (isExpired(turn.state, now)) return refuse("AITO_DECISION_EXPIRED");
  if (setup.type === "minor") {
    const reason = "minor: the proposer decides alone";
    return end(turn, "approved", reason, { kind: "approved", reason, byHuman: false });
  }
  openNextRound(turn, "heads");
  return settle(turn);
}

function ballot(turn: Turn, event: Extract<DecisionEvent, { kind: "ballot" }>): Step {
  const { state, now } = turn;
  const round = openRound(state);
  // The round of this voter: the one it names, else the last one that asked for it. A repeated request (its answer was lost on the
  // way) must find its own ballot there, though that very ballot may have closed the round, and opened one that asks for it again.
  const own = state.rounds.findLast(
    ({ number, phase }) => number === (event.round ?? number) && votersOf(state, phase).includes(event.voter),
  );
  const cast = own?.ballots.find((candidate) => candidate.voter === event.voter);
  if (cast && cast.vote === event.vote) return { ok: true, state: { ...turn.state, steps: state.steps - 1 }, effects: [] };
  if (!round) return refuse(state.status === "escalated" ? "AITO_DECISION_WITH_HUMAN" : "AITO_DECISION_CLOSED");
  if (own !== round) return refuse(own && event.round !== undefined ? "AITO_VOTE_LATE" : "AITO_VOTE_NOT_YOURS");
  if (cast) return refuse("AITO_VOTE_CAST");
  if (now.getTime() >= Date.parse(round.deadline)) return refuse("AITO_VOTE_LATE");
  if (isExpired(state, now)) return refuse("AITO_DECISION_EXPIRED");
  const { voter, vote, reason } = event;
  const recorded = { voter, vote, reason, at: now.toISOString(), standing: false };
  round.ballots.push(recorded);
  turn.effects.push({ kind: "ballot_recorded", round: round.number, phase: round.phase, ballot: recorded });
  return settle(turn);
}

function deadline(turn: Turn): Step {
  const round = openRound(turn.state);
  if (!round) return refuse(turn.state.status === "escalated" ? "AITO_DECISION_WITH_HUMAN" : "AITO_DECISION_CLOSED");
  if (turn.now.getTime() < Date.parse(round.deadline)) return refuse("AITO_DECISION_NOT_DUE");
  if (isExpired(turn.state, turn.now)) return refuse("AITO_DECISION_EXPIRED");
  return settle(turn);
}

function human(turn: Turn, event: Extract<DecisionEvent, { kind: "human" }>): Step {
  const { state } = turn;
  if (state.status === "pending") return refuse("AITO_DECISION_NOT_ESCALATED");
  if (state.status !== "escalated") return refuse("AITO_DECISION_CLOSED");
  if (isExpired(state, turn.now)) return refuse("AITO_DECISION_EXPIRED");
  switch (event.answer) {
    case "approve":
      return end(turn, "approved", "a human approved", { kind: "approved", reason: "a human approved", byHuman: true });
    case "veto":
      return end(turn, "vetoed", "a human vetoed", { kind: "vetoed", reason: "a human vetoed", byHuman: true });
    case "send_back":
      if (state.sendBacksUsed >= state.sendBacksMax) return refuse("AITO_ESCALATION_SENT_BACK");
      state.sendBacksUsed += 1;
      state.status = "pending";
      state.outcomeReason = null;
      turn.effects.push({ kind: "sent_back", comment: event.comment });
      openDiscussion(turn);
      return settle(turn);
    default:
      return event.answer satisfies never;
  }
}

/** A final status. An open round stays as it was: its missing ballots were not given up, they are no longer asked for. */
function end(turn: Turn, status: DecisionStatus, reason: string, effect: Effect): Step {
  const round = openRound(turn.state);
  if (round) round.closedAt = turn.now.toISOString();
  turn.state.status = status;
  turn.state.outcomeReason = reason;
  turn.effects.push(effect);
  return { ok: true, state: turn.state, effects: turn.effects };
}

const refuse = (code: RefusalCode): Step => ({ ok: false, code, message: refusals[code] });

/** The next state in the making. */
const copy = (state: Machine): Machine => ({
  ...state,
  steps: state.steps + 1,
  rounds: state.rounds.map((round) => ({ ...round, ballots: [...round.ballots] })),
});
