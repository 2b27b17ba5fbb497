import { expect, test } from "vitest";
import { costMicroUsd, models, resolveModel, type TokenUsage } from "./models.ts";

const cost = (model: string, used: TokenUsage) => costMicroUsd(models.models[model] ?? null, used);
const usage = (more: Partial<TokenUsage> = {}): TokenUsage => ({
  input: 0,
  output: 0,
  cacheWrite: null,
  cacheWrite1h: 0,
  cacheRead: null,
  webSearches: 0,
  ...more,
});

test("cost counts input, output, cache writes of both kinds and cache reads apart", () => {
  const used = usage({
    input: 1_000_000,
    output: 1_000_000,
    cacheWrite: 2_000_000,
    cacheWrite1h: 1_000_000,
    cacheRead: 1_000_000,
  });
  // 2 + 10 + 2.50 + 4 + 0.10 dollars
  expect(cost("claude-sonnet-5-5", used)).toBe(18_600_000n);
});

test("the rate follows the prompt length of the one call: a long prompt costs more for all its tokens", () => {
  expect(cost("claude-haiku-5-5", usage({ input: 100_000 }))).toBe(10_000n);
  expect(cost("claude-haiku-5-5", usage({ input: 60_000, cacheRead: 50_000 }))).toBe(30_000n + 2_500n);
});

test("a fraction of a micro-dollar is rounded up, never away", () => {
  expect(cost("claude-haiku-5-5", usage({ input: 1 }))).toBe(1n);
  expect(cost("claude-haiku-5-5", usage({ input: 10, cacheRead: 1 }))).toBe(2n);
});

test("a cost that is not known is null and never 0", () => {
  expect(cost("some-other-model", usage({ input: 5, output: 5 }))).toBeNull();
  expect(cost("claude-sonnet-5-5", usage({ input: null }))).toBeNull();
});

test("a retired model id becomes its successor, with a warning; a current one stays", () => {
  expect(resolveModel("claude-sonnet-4-20250514")).toEqual({
    id: "claude-sonnet-5-5",
    warning: expect.stringContaining("retired"),
  });
  expect(resolveModel("claude-opus-5-5")).toEqual({ id: "claude-opus-5-5", warning: null });
});

test("every alias leads to a model that has a price", () => {
  for (const [name, alias] of Object.entries(models.aliases)) expect(models.models, name).toHaveProperty([alias.model]);
});
