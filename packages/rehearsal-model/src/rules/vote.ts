import type { Intent } from "../intent.ts";
import type { Situation } from "../situation.ts";
import { ballotFor } from "./ballots.ts";

const openers = {
  approve: ["This is affordable.", "I am in favour.", "The figures allow it."],
  veto: ["This is too much at once.", "I am against it.", "The figures do not allow it."],
  abstain: ["I leave it to the others."],
} as const;

/** A ballot for every decision that waits for this agent's. */
export function voteIntents({ context, choose }: Situation): Intent[] {
  const { agent } = context;
  if (agent.kind === "worker") return [];
  const waiting = context.decisions.filter((decision) => {
    const round = decision.rounds.find((each) => each.round === decision.round);
    return decision.status === "pending" && !round?.votes.some((vote) => vote.voter === agent.name && vote.castAt !== null);
  });
  return waiting.map((decision) => {
    const { vote, reason } = ballotFor(context, decision);
    const opener = choose(openers[vote], agent.role, decision.title, decision.round);
    return {
      tool: "cast_vote",
      input: { decision_id: decision.id, vote, reason: `${opener} ${reason}` },
      say: `I vote ${vote} on "${decision.title}".`,
    };
  });
}
