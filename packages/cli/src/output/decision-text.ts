import type { DecisionView } from "@aito/protocol";
import { money } from "./documents.ts";

const phases = { heads: "the heads vote", analysis: "the council analyses", final: "final ballots" } as const;

/** What others wrote, on one line: no text of theirs can look like a line of ours. */
const one = (text: string): string => text.replace(/\s+/g, " ").trim();

/** A decision as a page of text. */
export function decisionText(decision: DecisionView): string {
  const lines = [
    one(decision.title),
    `  ${decision.id}`,
    `  ${decision.type}, ${money(decision.amountMicroUsd)}, proposed by ${decision.proposedBy}: ${decision.status}`,
  ];
  if (decision.typeReason) lines.push(`  ${decision.typeReason}`);
  if (decision.description) lines.push(`  | ${one(decision.description)}`);
  if (decision.emergency) lines.push("  an emergency session of the heads");
  if (decision.action) {
    lines.push(
      `  releases ${decision.action.tool}, at most ${decision.action.timesMax} x and ${money(decision.action.amountMicroUsd)}`,
    );
  }
  for (const { by, text } of decision.exchange ?? []) lines.push(`  ${by} argues: ${one(text)}`);
  for (const round of decision.rounds) {
    lines.push(`round ${round.round} (${phases[round.phase]})`);
    for (const vote of round.votes) lines.push(`  ${vote.voter}: ${vote.vote}${vote.reason ? ` - ${one(vote.reason)}` : ""}`);
    if (round.votes.length === 0) lines.push("  no votes yet");
  }
  if (decision.status === "pending" && decision.deadlineAt)
    lines.push(`round ${decision.round} closes by ${decision.deadlineAt}`);
  if (decision.humanDecision)
    lines.push(`human: ${decision.humanDecision}${decision.humanComment ? ` - ${one(decision.humanComment)}` : ""}`);
  if (decision.outcomeReason) lines.push(`outcome: ${one(decision.outcomeReason)}`);
  lines.push(`model calls: ${decision.modelCostMicroUsd == null ? "cost not known" : money(decision.modelCostMicroUsd)}`);
  if (decision.taskId) lines.push(`released task: ${decision.taskId}`);
  return lines.join("\n");
}
