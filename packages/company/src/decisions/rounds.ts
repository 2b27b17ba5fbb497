import type { DecisionPhase } from "@aito/protocol";
import { type Ballot, type Effect, type Machine, openRound, type Round, type Step } from "./machine.ts";
import { completions, councilBallotsPossible, tallyFinal, tallyHeads, type Verdict } from "./tally.ts";
import { councilVotes, headVotes, leanings, waitingFor } from "./voters.ts";

/** One step in the making: `state` is a copy that may be changed. */
export interface Turn {
  state: Machine;
  effects: Effect[];
  now: Date;
}

export function openNextRound(turn: Turn, phase: DecisionPhase): void {
  const { state, now } = turn;
  const round: Round = {
    number: state.rounds.length + 1,
    phase,
    openedAt: now.toISOString(),
    deadline: new Date(now.getTime() + state.seconds[phase] * 1000).toISOString(),
    closedAt: null,
    ballots: [],
  };
  state.rounds.push(round);
  const standing = phase === "final" ? [...leanings(state, round).keys()] : [];
  const { number, deadline } = round;
  turn.effects.push({ kind: "round_opened", round: number, phase, deadline, voters: waitingFor(state, round), standing });
}

/** One more discussion: an analysis, then a final round. */
export const openDiscussion = (turn: Turn): void => openNextRound(turn, "analysis");

/** Closes the open round, and each that it leads to, for as long as no missing ballot can change what comes of it. */
export function settle(turn: Turn): Step {
  for (;;) {
    const round = openRound(turn.state);
    if (!round) break;
    const due = turn.now.getTime() >= Date.parse(round.deadline);
    // Missing ballots become `no_answer` at the deadline and only there: a round that closes early never asked for them.
    if (due) recordSilence(turn, round);
    const verdict = verdictOf(turn.state, round);
    if (!verdict) break;
    close(turn, round);
    follow(turn, verdict);
  }
  return { ok: true, state: turn.state, effects: turn.effects };
}

function recordSilence(turn: Turn, round: Round): void {
  for (const voter of waitingFor(turn.state, round)) {
    record(turn, round, { voter, vote: "no_answer", reason: "", at: turn.now.toISOString(), standing: false });
  }
}

function close(turn: Turn, round: Round): void {
  const at = turn.now.toISOString();
  if (round.phase === "final") {
    for (const [voter, { vote, reason }] of leanings(turn.state, round)) {
      if (round.ballots.some((ballot) => ballot.voter === voter)) continue;
      record(turn, round, { voter, vote, reason, at, standing: true });
    }
  }
  round.closedAt = at;
  turn.effects.push({ kind: "round_closed", round: round.number, phase: round.phase });
}

function record(turn: Turn, round: Round, ballot: Ballot): void {
  round.ballots.push(ballot);
  turn.effects.push({ kind: "ballot_recorded", round: round.number, phase: round.phase, ballot });
}

/** What the round leads to, whatever the missing ballots say; null while they matter. */
function verdictOf(state: Machine, round: Round): Verdict | null {
  const heads = headVotes(state, round);
  switch (round.phase) {
    case "heads":
      return unanimous(
        state,
        [...completions(heads)].map((votes) => tallyHeads(state, votes)),
      );
    case "analysis":
      return waitingFor(state, round).length === 0 ? { to: "next", reason: "the council has spoken" } : null;
    case "final": {
      const councils = councilBallotsPossible(state, councilVotes(state, round));
      return unanimous(
        state,
        [...completions(heads)].flatMap((votes) => councils.map((council) => tallyFinal(state, votes, council))),
      );
    }
    default:
      return round.phase satisfies never;
  }
}

function unanimous(state: Machine, verdicts: Verdict[]): Verdict | null {
  const resolved = verdicts.map((verdict) => withoutDiscussionsLeft(state, verdict));
  const first = resolved[0]!;
  if (resolved.some((verdict) => verdict.to !== first.to)) return null;
  if (first.to !== "human" || resolved.every((verdict) => verdict.reason === first.reason)) return first;
  return { to: "human", reason: `a human decides, whatever the missing ballots say; without them: ${first.reason}` };
}

function withoutDiscussionsLeft(state: Machine, verdict: Verdict): Verdict {
  if (verdict.to !== "discuss" || state.discussionsUsed < state.discussionsMax) return verdict;
  return { to: "human", reason: `still unclear, and no more discussion is left: ${verdict.reason}` };
}

function follow(turn: Turn, { to, reason }: Verdict): void {
  const { state } = turn;
  switch (to) {
    case "next":
      return openNextRound(turn, state.rounds.at(-1)!.phase === "heads" ? "analysis" : "final");
    case "discuss":
      state.discussionsUsed += 1;
      return openDiscussion(turn);
    case "human":
      state.status = "escalated";
      state.outcomeReason = reason;
      turn.effects.push({ kind: "escalated", reason });
      return;
    case "approved":
    case "vetoed":
      state.status = to;
      state.outcomeReason = reason;
      turn.effects.push({ kind: to, reason, byHuman: false });
      return;
    default:
      return to satisfies never;
  }
}
