import { expect, test } from "vitest";
import { percentile, row } from "./measure.ts";

test("percentiles are nearest-rank, of unsorted values", () => {
  const values = [5, 1, 4, 2, 3];
  expect([0, 0.5, 0.95, 1].map((share) => percentile(values, share))).toEqual([1, 3, 5, 5]);
});

test("a row's ratio is its median over the floor's median", () => {
  expect(row("x", "ms", [10, 20, 30], [5, 4, 6])).toEqual({
    name: "x",
    unit: "ms",
    p50: 20,
    p95: 30,
    p99: 30,
    floor: 5,
    ratio: 4,
    n: 3,
  });
  expect(row("x", "MB", [7], null)).toMatchObject({ floor: null, ratio: null });
});
