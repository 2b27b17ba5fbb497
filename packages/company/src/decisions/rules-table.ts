import type { RecordedVote } from "@aito/protocol";
import type { DecisionSetup, Round } from "./machine.ts";

/** Test material: the voting table of the design, written down a second time. Not part of the package's exports. */
export type Next = "approved" | "vetoed" | "human" | "analysis" | "final";

/** What one round leads to, given a whole vector of ballots. */
export function table(
  setup: DecisionSetup,
  round: Round,
  votes: ReadonlyMap<string, RecordedVote>,
  discussionsUsed: number,
): Next {
  if (round.phase === "analysis") return "final";
  const heads = setup.heads.map((head) => votes.get(head)!);
  const allowed = (): Next => {
    const guardian = setup.guardian === null ? null : votes.get(setup.guardian)!;
    const others = setup.heads.filter((head) => head !== setup.proposer).map((head) => votes.get(head)!);
    if (heads.includes("no_answer")) return "human";
    if (setup.heads.includes(setup.proposer) && (others.length === 0 || others.includes("veto"))) return "human";
    if (setup.type === "critical" && (guardian !== "approve" || heads.includes("veto"))) return "human";
    return "approved";
  };
  if (round.phase === "heads") {
    if (heads.every((vote) => vote === "approve")) return allowed();
    return heads.every((vote) => vote === "veto") ? "vetoed" : "analysis";
  }
  if (heads.every((vote) => vote === "no_answer")) return "human";
  const members = setup.council.filter((member) => member !== setup.proposer);
  const of = (vote: RecordedVote): number => members.filter((member) => votes.get(member) === vote).length;
  const third =
    members.length < 2
      ? "abstain"
      : of("approve") > members.length / 2
        ? "approve"
        : of("veto") > members.length / 2
          ? "veto"
          : "abstain";
  // One head and nobody beside it: its second vote decides, as its first would have.
  const ballots = [...heads, third].filter((vote) => vote === "approve" || vote === "veto");
  const alone = setup.heads.length === 1 && setup.council.length === 0;
  const key = `${ballots.filter((vote) => vote === "approve").length}:${ballots.filter((vote) => vote === "veto").length}`;
  const outcomes: Record<string, Next> = {
    "3:0": "approved",
    "2:1": "approved",
    "2:0": "approved",
    "0:3": "vetoed",
    "1:2": "vetoed",
    "0:2": "vetoed",
    "1:1": "human",
  };
  const outcome = outcomes[key] ?? (alone && ballots.length === 1 ? (ballots[0] === "approve" ? "approved" : "vetoed") : null);
  if (outcome === "approved") return allowed();
  return outcome ?? (discussionsUsed < setup.discussionsMax ? "analysis" : "human");
}
