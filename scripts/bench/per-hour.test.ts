import { expect, test } from "vitest";
import { perHour } from "./per-hour.ts";

const hour = 3_600_000;

test("F29 growth is in percent of the mean an hour; a flat line has none, noise averages out", () => {
  const line = (slope: number): { at: number; value: number }[] =>
    Array.from({ length: 61 }, (_, minute) => ({ at: (minute * hour) / 60, value: 100 + (slope * minute) / 60 }));
  expect(perHour(line(0))).toBeCloseTo(0);
  expect(perHour(line(2))).toBeCloseTo(2 / 1.01);
  expect(perHour(line(0).map((point, index) => ({ ...point, value: point.value + (index % 2 === 0 ? 5 : -5) })))!).toBeCloseTo(
    0,
    0,
  );
  expect(perHour([])).toBeNull();
  expect(
    perHour([
      { at: 0, value: 1 },
      { at: 0, value: 2 },
      { at: 0, value: 3 },
    ]),
  ).toBeNull();
});
