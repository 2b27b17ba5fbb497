import fc from "fast-check";
import { expect, test } from "vitest";
import { findingKey } from "./finding-key.ts";

const period = { from: "2026-02-01T00:00:00.000Z", to: "2026-03-01T00:00:00.000Z" };
const parts = ["a", ":", "\\", "now", `${period.from}/${period.to}`];
const name = fc.array(fc.constantFrom(...parts), { minLength: 1, maxLength: 4 }).map((all) => all.join(""));
const figure = fc.record({ metric: name, entity: name, period: fc.constantFrom(null, period) });

test("S07 two figures have two keys, however their names are put together", () => {
  fc.assert(
    fc.property(figure, figure, (one, other) => {
      expect(findingKey(one) === findingKey(other)).toBe(JSON.stringify(one) === JSON.stringify(other));
    }),
    { numRuns: 20_000 },
  );
});

test.for([
  ["visits", "shop 1", "contradiction:visits:shop 1:now"],
  ["sales:gross", "shop:1", String.raw`contradiction:sales\:gross:shop:1:now`],
] as const)("S07 the key of %s of %s can be read", ([metric, entity, key]) => {
  expect(findingKey({ metric, entity, period: null })).toBe(key);
});
