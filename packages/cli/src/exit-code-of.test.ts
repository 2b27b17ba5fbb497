import { AitoError, exitCodes } from "@aito/base";
import { expect, test } from "vitest";
import { exitCodeOf } from "./exit-code-of.ts";

/** As the console's answer comes: its status is all that says who must do something. */
const answered = (status: number): number => exitCodeOf(new AitoError("AITO_ANY", "no", { status }));

test("what a kill switch holds must be put right first: the call was not wrong, and nothing failed", () => {
  expect(answered(423)).toBe(exitCodes.config);
});

test("refused, away, unknown and failed are told apart", () => {
  expect([401, 403, 502, 503, 404, 422, 409, 500].map(answered)).toEqual([
    exitCodes.refused,
    exitCodes.refused,
    exitCodes.unavailable,
    exitCodes.unavailable,
    exitCodes.usage,
    exitCodes.usage,
    exitCodes.failed,
    exitCodes.failed,
  ]);
});
