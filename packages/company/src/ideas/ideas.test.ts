import { expect, test } from "vitest";
import { scoreIdea } from "./score.ts";
import { likeness, mergeFrom } from "./same-idea.ts";

test.each([
  ["A weekly guide to staying safe from scams", "Weekly guides for staying safe from a scam"],
  ["Community: a short survey on what members value", "Short survey about what the members of our community value"],
  ["Welcome e-mail for new members", "welcome email for new member"],
])("L17 %j and %j are one idea", (a, b) => {
  expect(likeness(a, b, null)).toBeGreaterThanOrEqual(mergeFrom);
});

test.each([
  ["A weekly guide to staying safe from scams", "A checklist for the first day of a new member"],
  ["Sponsor a developer conference", "Write a story about the work behind our last decision"],
  ["Raise the budget for ads", "Survey members on what they value"],
  ["Raise the advertising budget", "Cut the advertising budget"],
  ["Offer refunds within 30 days", "Offer refunds within 300 days"],
  ["Start a podcast with founders", "Stop the podcast with founders"],
  ["Publish the list of members", "Do not publish the list of members"],
])("L17 %j and %j are two", (a, b) => {
  expect(likeness(a, b, null)).toBeLessThan(mergeFrom);
});

const base = {
  nearest: 0,
  text: "win new members",
  mission: "win new members for the community",
  amountMicroUsd: 0n,
  leftMicroUsd: 1_000n,
  earlier: { accepted: 0, refused: 0 },
};

test("L17 a score has four parts that add up, and each falls with what it measures", () => {
  expect(scoreIdea(base)).toEqual({ score: 90, parts: { novelty: 35, fit: 25, cost: 20, acceptance: 10 } });
  expect(scoreIdea({ ...base, nearest: 1 }).parts.novelty).toBe(0);
  expect(scoreIdea({ ...base, mission: "count coins" }).parts.fit).toBe(0);
  expect(scoreIdea({ ...base, amountMicroUsd: 100n }).parts.cost).toBe(0);
  expect(scoreIdea({ ...base, amountMicroUsd: 1n, leftMicroUsd: 0n }).parts.cost).toBe(0);
  expect(scoreIdea({ ...base, earlier: { accepted: 0, refused: 8 } }).parts.acceptance).toBe(2);
});
