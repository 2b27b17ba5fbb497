import { expect, test } from "vitest";
import { type CountedReview, type MergeFacts, missingForMerge } from "./merge-rules.ts";

const review = (agent: string, verdict: CountedReview["verdict"], more: Partial<CountedReview> = {}): CountedReview => ({
  agent,
  ownerId: agent,
  kind: "agent",
  headSha: "new",
  verdict,
  ...more,
});

const lacks = (reviews: CountedReview[], more: Partial<MergeFacts> = {}): string[] =>
  missingForMerge({
    headSha: "new",
    changeOwnerId: "cmo",
    reviews,
    approvalsNeeded: 1,
    checks: { state: "green", failing: [] },
    checksRequired: false,
    decision: { needed: false, status: null },
    ...more,
  });

test("G06 one approval of the newest commit by another role is enough", () => {
  expect(lacks([review("cco", "approve")])).toEqual([]);
});

test.each([
  ["nobody has reviewed it", []],
  ["the approval is of an earlier commit", [review("cco", "approve", { headSha: "old" })]],
  ["it is the owner's own", [review("cmo", "approve")]],
  ["it is the owner's worker's", [review("code-reviewer-1", "approve", { kind: "worker", ownerId: "cmo" })]],
  ["it is a worker's of another role", [review("code-reviewer-1", "approve", { kind: "worker", ownerId: "cto" })]],
  ["it is a comment", [review("cco", "comment")]],
] as const)("G06 it is not merged where %s", (_, reviews) => {
  expect(lacks([...reviews])).toEqual(["0 of 1 approving reviews of its newest commit"]);
});

test("G05 who asked for changes holds it back through later commits, until the same one approves", () => {
  const objection = review("cco", "request_changes", { headSha: "old" });
  expect(lacks([objection, review("ceo", "approve")])).toEqual(["cco asked for changes"]);
  expect(lacks([objection, review("ceo", "approve"), review("cco", "comment")])).toEqual(["cco asked for changes"]);
  expect(lacks([objection, review("cco", "approve")])).toEqual([]);
});

test("G06 checks that failed, run or never ran are named, and so is a decision that is missing", () => {
  const approved = [review("cco", "approve")];
  expect(lacks(approved, { checks: { state: "red", failing: ["spelling"] } })).toEqual(["checks failed: spelling"]);
  expect(lacks(approved, { checks: { state: "pending", failing: [] } })).toEqual(["checks have not ended"]);
  expect(lacks(approved, { checks: { state: "none", failing: [] } })).toEqual([]);
  expect(lacks(approved, { checks: { state: "none", failing: [] }, checksRequired: true })).toEqual(["no check has run"]);
  for (const status of [null, "pending", "vetoed", "overridden"]) {
    expect(lacks(approved, { decision: { needed: true, status } })[0]).toContain("an approved decision");
  }
  expect(lacks(approved, { decision: { needed: true, status: "approved" } })).toEqual([]);
});
