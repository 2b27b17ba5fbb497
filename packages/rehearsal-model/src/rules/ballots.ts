import { type DecisionView, type RunContext, usdToMicro, type Vote } from "@aito/protocol";
import { dollars, share, within } from "../amounts.ts";

/** One row of the README's table of ballots. */
export interface BallotRule {
  role: string;
  /** It approves an amount of at most this share of the budget left. */
  percent: number;
  /** It also approves an amount of at most its profile's critical limit. */
  criticalLimit: boolean;
}

export const ballotRules: readonly BallotRule[] = [
  { role: "ceo", percent: 50, criticalLimit: false },
  { role: "dao", percent: 20, criticalLimit: true },
  { role: "cmo", percent: 50, criticalLimit: false },
  { role: "cto", percent: 30, criticalLimit: false },
  { role: "cfo", percent: 10, criticalLimit: false },
  { role: "coo", percent: 30, criticalLimit: false },
  { role: "cco", percent: 15, criticalLimit: false },
  { role: "any other head", percent: 50, criticalLimit: false },
  { role: "any other member", percent: 30, criticalLimit: false },
];

export interface Ballot {
  vote: Vote;
  /** Names every number that the vote rests on. */
  reason: string;
}

/** What this agent votes on a decision: by role, amount, budget left, its profile's limit, and the leanings shown. */
export function ballotFor(context: RunContext, decision: DecisionView): Ballot {
  const { agent } = context;
  if (agent.isCouncil && decision.proposedBy === agent.name) {
    return { vote: "approve", reason: `It is my proposal: ${figures(context, decision)}, and I stand by it.` };
  }
  const own = ownBallot(context, decision);
  return agent.isHead && decision.phase === "final" ? afterLeanings(own, decision) : own;
}

function ownBallot(context: RunContext, decision: DecisionView): Ballot {
  const rule = ruleFor(context.agent);
  const amount = BigInt(decision.amountMicroUsd);
  const left = usdToMicro(context.budget.usdLeft);
  const limit = rule.criticalLimit ? context.profile.authority.criticalAboveMicroUsd : null;
  const facts = figures(context, decision);
  if (limit !== null && amount <= BigInt(limit)) {
    return { vote: "approve", reason: `${facts}, which is within my limit of ${dollars(BigInt(limit))}.` };
  }
  const above = limit === null ? "" : ` It is above my limit of ${dollars(BigInt(limit))}.`;
  return within(amount, rule.percent, left)
    ? { vote: "approve", reason: `${facts}.${above} I approve up to ${rule.percent} %.` }
    : { vote: "veto", reason: `${facts}.${above} I approve no more than ${rule.percent} %.` };
}

function ruleFor({ role, isHead }: RunContext["agent"]): BallotRule {
  const fallback = isHead ? "any other head" : "any other member";
  return ballotRules.find((rule) => rule.role === role) ?? ballotRules.find((rule) => rule.role === fallback)!;
}

function figures(context: RunContext, decision: DecisionView): string {
  const amount = BigInt(decision.amountMicroUsd);
  const left = usdToMicro(context.budget.usdLeft);
  return `${dollars(amount)} is ${share(amount, left)} of the ${dollars(left)} left`;
}

/** A head gives way to more than half of the council's leanings; the proposer's own counts for nothing. */
function afterLeanings(own: Ballot, decision: DecisionView): Ballot {
  const analysis = decision.rounds.findLast((round) => round.phase === "analysis");
  const leanings = (analysis?.votes ?? []).filter((vote) => vote.voter !== decision.proposedBy && vote.vote !== "no_answer");
  const other: Vote = own.vote === "approve" ? "veto" : "approve";
  const against = leanings.filter((leaning) => leaning.vote === other).length;
  const count = `${against} of ${leanings.length} other council leanings say ${other}`;
  return against * 2 > leanings.length
    ? { vote: other, reason: `${own.reason} But ${count}, and I follow them.` }
    : { vote: own.vote, reason: `${own.reason} ${count}, which is not more than half.` };
}
