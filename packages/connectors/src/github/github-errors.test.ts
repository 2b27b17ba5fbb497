import { expect, test } from "vitest";
import { type GithubLimit, isRetryable, toGithubError } from "./github-errors.ts";

const now = new Date("2026-11-21T12:00:00Z");
const answered = (status: number, headers: Record<string, string> = {}, message = "no"): Error =>
  Object.assign(new Error(message), { status, response: { headers } });
const waitOf = (error: Error): number => (toGithubError(error, "x", now) as GithubLimit).waitMs;

test("X01 what GitHub answers is one error of ours, whoever asked", () => {
  const codes = [401, 403, 404, 405, 409, 410, 422, 500, 503].map((status) => toGithubError(answered(status), "x", now).code);
  expect(codes.map((code) => code.replace("AITO_GITHUB_", ""))).toEqual([
    "REFUSED",
    "REFUSED",
    "UNKNOWN",
    "CONFLICT",
    "CONFLICT",
    "INVALID",
    "INVALID",
    "UNAVAILABLE",
    "UNAVAILABLE",
  ]);
  const unheard = toGithubError(new Error("socket hang up"), "x", now);
  expect(unheard).toMatchObject({ code: "AITO_GITHUB_UNAVAILABLE", fate: "retry" });
});

test("X01 a limit says how long to wait, however GitHub says it, and is never waited for longer than an hour or so", () => {
  expect(waitOf(answered(403, { "retry-after": "7" }))).toBe(7_000);
  const reset = String(now.getTime() / 1_000 + 120);
  expect(waitOf(answered(403, { "x-ratelimit-remaining": "0", "x-ratelimit-reset": reset }))).toBe(120_000);
  expect(waitOf(answered(429))).toBe(60_000);
  expect(waitOf(answered(403, {}, "You have exceeded a secondary rate limit"))).toBe(60_000);
  expect(waitOf(answered(429, { "retry-after": "99999999" }))).toBe(3_900_000);
  expect(waitOf(answered(429, { "retry-after": "0" }))).toBe(1_000);
  expect(isRetryable(answered(403, {}, "You have exceeded a secondary rate limit"))).toBe(true);
  expect(isRetryable(answered(403))).toBe(false);
});
