import { systemClock } from "@aito/base";
import { expect, test } from "vitest";
import { makeSearchStatistics } from "./statistics.ts";

test("Y15 words that were counted long ago are not kept, whatever is counted anew", async () => {
  let now = 0;
  const kept: Parameters<typeof makeSearchStatistics>[1] = new Map();
  const statistics = makeSearchStatistics({ ...systemClock, now: () => new Date(now) }, kept);
  const asked: string[] = [];
  const frequency = (word: string, n: number) =>
    statistics.frequencies("c", [word], (missing) => {
      asked.push(...missing);
      return Promise.resolve(new Map(missing.map((each) => [each, n])));
    });
  for (let task = 0; task < 1_000; task += 1) {
    now += 10_000;
    await frequency("task", 100);
    await frequency(`task-${task}`, 1);
  }
  expect(kept.size).toBeLessThanOrEqual(2 * 60 + 2);
  // What is good for a while is not counted anew each time.
  expect(asked.filter((word) => word === "task").length).toBeLessThan(20);
});
