import { silentLogger } from "@aito/base";
import { expect, test } from "vitest";
import { flushLinesMax, lineCharsMax, makeRunLog, ringLinesMax } from "./run-log.ts";

test("the ring keeps the newest lines and says how many it dropped", () => {
  const log = makeRunLog(silentLogger, () => null);
  for (let n = 0; n < ringLinesMax + 5; n += 1) log.line(`line ${n}`);
  const first = log.take();
  expect(first).toHaveLength(flushLinesMax);
  expect(first.slice(0, 2)).toEqual(["(5 earlier lines dropped)", "line 5"]);
  let taken = first.length - 1;
  for (let lines = log.take(); lines.length > 0; lines = log.take()) taken += lines.length;
  expect(taken).toBe(ringLinesMax);
});

test("a long line is cut, and lines put back come first again", () => {
  const log = makeRunLog(silentLogger, () => null);
  log.line("x".repeat(lineCharsMax + 10));
  log.line("second");
  const lines = log.take();
  expect(lines[0]).toHaveLength(lineCharsMax + 1);
  log.putBack(lines);
  expect(log.take()).toEqual(lines);
});
