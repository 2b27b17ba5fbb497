import type { RecordedVote, Vote } from "@aito/protocol";
import type { DecisionSetup } from "./machine.ts";

/** What a round leads to. `next`: the analysis opens; `discuss`: too few ballots, one more discussion if any is left. */
export interface Verdict {
  to: "approved" | "vetoed" | "human" | "next" | "discuss";
  reason: string;
}

/** The heads' ballots in the order of `setup.heads`. */
export type HeadVotes = readonly RecordedVote[];

/** Round 1: all heads approve, or all veto; anything else goes on to the council. */
export function tallyHeads(setup: DecisionSetup, votes: HeadVotes): Verdict {
  const who = setup.heads.length === 1 ? "the head" : "both heads";
  if (votes.every((vote) => vote === "approve")) return guarded(setup, votes, `${who} approved`);
  if (votes.every((vote) => vote === "veto")) return { to: "vetoed", reason: `${who} vetoed` };
  return { to: "next", reason: "the heads did not agree" };
}

/** Round 3: one ballot of each head and one of the council. Two of them decide. */
export function tallyFinal(setup: DecisionSetup, votes: HeadVotes, council: Vote): Verdict {
  if (votes.every((vote) => vote === "no_answer")) return { to: "human", reason: "no head voted in the final round" };
  const all = [...votes, council];
  const approvals = all.filter((vote) => vote === "approve").length;
  const vetoes = all.filter((vote) => vote === "veto").length;
  // Without a council the round is the heads' second vote, so that a single head decides alone, as in round 1.
  const needed = Math.min(2, setup.heads.length + (setup.council.length > 0 ? 1 : 0));
  const counted = `${approvals} for, ${vetoes} against, ${all.length - approvals - vetoes} without a side`;
  if (approvals >= needed) return guarded(setup, votes, `the final round approved: ${counted}`);
  if (vetoes >= needed) return { to: "vetoed", reason: `the final round vetoed: ${counted}` };
  if (approvals === 1 && vetoes === 1) return { to: "human", reason: `deadlock in the final round: ${counted}` };
  return { to: "discuss", reason: `too few ballots in the final round: ${counted}` };
}

/** An approval by ballots, or a human where ballots alone may not approve. */
function guarded(setup: DecisionSetup, votes: HeadVotes, reason: string): Verdict {
  const silent = setup.heads.filter((_, index) => votes[index] === "no_answer");
  if (silent.length > 0) return { to: "human", reason: `${reason}, but ${silent.join(" and ")} gave no ballot` };
  const vetoing = setup.heads.filter((_, index) => votes[index] === "veto");
  const own = setup.heads.includes(setup.proposer);
  if (own && setup.heads.length === 1) {
    return { to: "human", reason: `${reason}, but the only head proposed it` };
  }
  if (own && vetoing.some((head) => head !== setup.proposer)) {
    return {
      to: "human",
      reason: `${reason}, but a head's own proposal does not pass over the veto of ${vetoing.join(" and ")}`,
    };
  }
  if (setup.type !== "critical") return { to: "approved", reason };
  if (setup.guardian === null)
    return { to: "human", reason: `${reason}, but a critical decision without a guardian needs a human` };
  if (votes[setup.heads.indexOf(setup.guardian)] !== "approve") {
    return { to: "human", reason: `${reason}, but a critical decision needs the approval of ${setup.guardian}` };
  }
  if (vetoing.length > 0) {
    return { to: "human", reason: `${reason}, but a critical decision does not pass over the veto of ${vetoing.join(" and ")}` };
  }
  return { to: "approved", reason };
}

/** Council members whose ballots count: all but the proposer. */
export const eligible = (setup: DecisionSetup): string[] => setup.council.filter((member) => member !== setup.proposer);

/** The council's one ballot: what more than half of its eligible members say, else (or with fewer than two) an abstention. */
export function councilBallot(setup: DecisionSetup, votes: ReadonlyMap<string, RecordedVote>): Vote {
  const members = eligible(setup);
  if (members.length < 2) return "abstain";
  const count = (vote: RecordedVote): number => members.filter((member) => votes.get(member) === vote).length;
  if (2 * count("approve") > members.length) return "approve";
  if (2 * count("veto") > members.length) return "veto";
  return "abstain";
}

/** Every ballot that the council can still arrive at, given the members that have not spoken. */
export function councilBallotsPossible(setup: DecisionSetup, votes: ReadonlyMap<string, RecordedVote>): Vote[] {
  const members = eligible(setup);
  const now = councilBallot(setup, votes);
  if (members.length < 2 || now !== "abstain") return [now];
  const missing = members.filter((member) => !votes.has(member)).length;
  const reachable = (vote: Vote): boolean =>
    2 * (members.filter((member) => votes.get(member) === vote).length + missing) > members.length;
  return ["abstain", ...(["approve", "veto"] as const).filter(reachable)];
}

/** Every completion of the heads' ballots; `undefined` marks one that is missing. */
export function* completions(votes: readonly (RecordedVote | undefined)[]): Generator<RecordedVote[]> {
  const missing = votes.indexOf(undefined);
  if (missing < 0) {
    yield votes as RecordedVote[];
    return;
  }
  // Silence is one of the ways in which a missing ballot can matter: an approval would go to the human.
  for (const vote of ["abstain", "approve", "veto", "no_answer"] as const) yield* completions(votes.with(missing, vote));
}
