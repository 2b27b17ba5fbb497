/** A review as the rules see it. */
export interface CountedReview {
  agent: string;
  /** The role of the standing agent that it speaks for. */
  ownerId: string;
  kind: "agent" | "worker";
  headSha: string;
  verdict: "approve" | "request_changes" | "comment";
}

export interface MergeFacts {
  /** What would be merged. */
  headSha: string;
  /** The standing agent that proposed it. */
  changeOwnerId: string;
  reviews: readonly CountedReview[];
  approvalsNeeded: number;
  checks: { state: "none" | "green" | "pending" | "red"; failing: readonly string[] };
  checksRequired: boolean;
  /** Whether the repository is one whose merges need a decision, and how the task's decision stands. */
  decision: { needed: boolean; status: string | null };
}

/**
 * Pure: what a merge still lacks, in words; empty when nothing. Only a review of exactly this head counts, the newest of each reviewer,
 * and never one for whom the change was made.
 */
export function missingForMerge(facts: MergeFacts): string[] {
  const newest = new Map<string, CountedReview>();
  for (const review of facts.reviews) {
    if (review.kind !== "agent" || review.ownerId === facts.changeOwnerId || review.verdict === "comment") continue;
    newest.set(review.agent, review);
  }
  const counted = [...newest.values()];
  // What was objected to stands until the same reviewer approves what came after it.
  const against = counted.filter(({ verdict }) => verdict === "request_changes");
  const approving = counted.filter(({ verdict, headSha }) => verdict === "approve" && headSha === facts.headSha);
  const missing: string[] = [];
  if (against.length > 0) missing.push(`${against.map(({ agent }) => agent).join(", ")} asked for changes`);
  if (approving.length < facts.approvalsNeeded) {
    missing.push(`${approving.length} of ${facts.approvalsNeeded} approving reviews of its newest commit`);
  }
  if (facts.checks.state === "red") missing.push(`checks failed: ${facts.checks.failing.join(", ")}`);
  if (facts.checks.state === "pending") missing.push("checks have not ended");
  if (facts.checks.state === "none" && facts.checksRequired) missing.push("no check has run");
  if (facts.decision.needed && facts.decision.status !== "approved") {
    missing.push(`an approved decision behind its task${facts.decision.status ? ` (it is ${facts.decision.status})` : ""}`);
  }
  return missing;
}
