import type { DecisionView, RunContext } from "@aito/protocol";
import type { Intent } from "../intent.ts";
import type { Situation } from "../situation.ts";
import { ballotFor } from "./ballots.ts";

const openers = {
  approve: ["This is affordable.", "I am in favour.", "The figures allow it."],
  veto: ["This is too much at once.", "I am against it.", "The figures do not allow it."],
  abstain: ["I leave it to the others."],
} as const;

/** The decisions that wait for this agent's ballot. */
export function waitingDecisions({ agent, decisions }: RunContext): DecisionView[] {
  return decisions.filter((decision) => {
    const round = decision.rounds.find((each) => each.round === decision.round);
    return decision.status === "pending" && !round?.votes.some((vote) => vote.voter === agent.name && vote.castAt !== null);
  });
}

/** A ballot for every decision that waits for this agent's; a head that is against tells the other head why before it votes. */
export function voteIntents({ context, choose }: Situation): Intent[] {
  const { agent } = context;
  if (agent.kind === "worker") return [];
  return waitingDecisions(context).flatMap((decision) => {
    const { vote, reason } = ballotFor(context, decision);
    const opener = choose(openers[vote], agent.role, decision.title, decision.round);
    const ballot: Intent = {
      tool: "cast_vote",
      input: { decision_id: decision.id, vote, reason: `${opener} ${reason}`, round: decision.round },
      say: `I vote ${vote} on "${decision.title}".`,
    };
    const argued = decision.exchange?.some(({ by }) => by === agent.name);
    if (!agent.isHead || vote !== "veto" || decision.phase !== "heads" || argued) return [ballot];
    const argument: Intent = {
      tool: "argue",
      input: { decision_id: decision.id, text: `Before you vote on "${decision.title}": ${reason}` },
      say: `I tell the other head why I am against "${decision.title}".`,
      // The ballot must fit after it.
      slots: 2,
    };
    return [argument, ballot];
  });
}
