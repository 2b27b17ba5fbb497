import type { DecisionPhase, RecordedVote } from "@aito/protocol";
import type { Ballot, DecisionSetup, Machine, Round } from "./machine.ts";
import { eligible } from "./tally.ts";

/** Whose ballot a round of this phase takes. In the analysis the proposer, where it is a member, gives its case. */
export function votersOf(setup: DecisionSetup, phase: DecisionPhase): string[] {
  switch (phase) {
    case "heads":
      return setup.heads;
    case "analysis":
      return setup.council;
    case "final":
      return [...setup.heads, ...eligible(setup)];
    default:
      return phase satisfies never;
  }
}

/** The leanings of the analysis before a final round, by member; who gave none is missing. */
export function leanings(state: Machine, round: Round): Map<string, Ballot> {
  const analysis = state.rounds.find((candidate) => candidate.number === round.number - 1 && candidate.phase === "analysis");
  const members = new Set(eligible(state));
  const given = (analysis?.ballots ?? []).filter((ballot) => ballot.vote !== "no_answer" && members.has(ballot.voter));
  return new Map(given.map((ballot) => [ballot.voter, ballot]));
}

/** The council's ballots of a final round as they count now: cast in it, else the leaning. */
export function councilVotes(state: Machine, round: Round): Map<string, RecordedVote> {
  const votes = new Map<string, RecordedVote>();
  for (const [voter, ballot] of leanings(state, round)) votes.set(voter, ballot.vote);
  for (const ballot of round.ballots) if (!state.heads.includes(ballot.voter)) votes.set(ballot.voter, ballot.vote);
  return votes;
}

export const headVotes = (state: Machine, round: Round): (RecordedVote | undefined)[] =>
  state.heads.map((head) => round.ballots.find((ballot) => ballot.voter === head)?.vote);

/** Who has to act before the round can close well: voters without a ballot and without a standing leaning. */
export function waitingFor(state: Machine, round: Round): string[] {
  const standing = round.phase === "final" ? leanings(state, round) : new Map<string, Ballot>();
  return votersOf(state, round.phase).filter(
    (voter) => !standing.has(voter) && !round.ballots.some((ballot) => ballot.voter === voter),
  );
}
