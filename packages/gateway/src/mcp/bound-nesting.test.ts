import { argumentsNestingMax } from "@aito/company";
import { expect, test } from "vitest";
import { boundNesting } from "./bound-nesting.ts";

const nested = (depth: number): unknown => JSON.parse(`${"[".repeat(depth)}${"]".repeat(depth)}`);
const call = (args: unknown, more: object = {}) => ({ method: "tools/call", params: { name: "echo", arguments: args, ...more } });

test("F15 arguments that are nested too deep are cut to what may be, and said to be; others stay as they are", () => {
  const fine = call(nested(argumentsNestingMax));
  expect(boundNesting(fine)).toBe(false);
  expect(fine).toEqual(call(nested(argumentsNestingMax)));
  for (const depth of [argumentsNestingMax + 1, 5_000, 100_000]) {
    const deep = call(nested(depth));
    expect([depth, boundNesting(deep), boundNesting(deep)]).toEqual([depth, true, false]);
  }
});

test("F15 depth anywhere else in a message, or in none that is a call, is refused", () => {
  const deep = nested(5_000);
  for (const body of [deep, { method: deep }, call({}, { _meta: deep }), call(nested(5_000), { _meta: deep }), [call(deep)]]) {
    expect(() => boundNesting(body)).toThrow(expect.objectContaining({ code: "AITO_REQUEST_INVALID" }));
  }
  for (const body of [undefined, null, "x", 1, [], {}, { params: null }, { params: "x" }]) expect(boundNesting(body)).toBe(false);
});
