import { usdArgumentOf } from "@aito/protocol";
import { expect, test } from "vitest";
import { dangerousTools } from "./dangerous-tools.ts";

test("S01 what the console takes for the cost of an edited call is what its tool says", () => {
  for (const { name, costMicroUsd } of dangerousTools) {
    const argument = usdArgumentOf(name);
    for (const usd of [0, 0.5, 12]) {
      expect(costMicroUsd(argument === null ? {} : { [argument]: usd }), name).toBe(argument === null ? 0n : BigInt(usd * 1e6));
    }
  }
});
