import { expect, test } from "vitest";
import { type Collected, flatness, growth } from "./flat.ts";

const minute = 60_000;
const hour = 60 * minute;
const ends = (live: [number, number], code: [number, number, number] = [7, 7, 7]): [Collected, Collected, Collected] => [
  { at: 0, live: live[0], code: code[0], all: 100 },
  { at: hour / 2, live: live[0], code: code[1], all: 100 },
  { at: hour, live: live[1], code: code[2], all: 100 },
];
/** One value a minute. */
const told = (value: (minute: number) => number) =>
  Array.from({ length: 61 }, (_, index) => ({ at: index * minute, value: value(index) }));
const saw = (from: number, to: number) => (at: number) => from + ((at % 15) / 14) * (to - from);

test("F29 a heap that is collected late is flat though a line through it rises", () => {
  // Rubbish lies longer towards the end of the time that is looked at; what is kept is the same.
  const late = told((at) => (at < 20 ? 90 : saw(90, 104)(at)));
  expect(growth("orchestrator", flatness(ends([40, 40.5]), late))).toEqual([]);
});

test("F29 what is kept and grows over 1 % of the whole in an hour is not flat, whatever the process holds", () => {
  const even = told(() => 100);
  expect(flatness(ends([40, 41.2]), even).livePercentPerHour).toBe(1.2);
  expect(growth("orchestrator", flatness(ends([40, 41.2]), even))).toEqual([
    "what the orchestrator keeps grows 1.2 % an hour, 40 to 41.2 MB after a collection",
  ]);
  expect(growth("orchestrator", flatness(ends([40, 36]), even))).toEqual([]);
});

test("F29 code that V8 compiles ever slower is flat; as much in the second half as in the first is not", () => {
  const even = told(() => 100);
  expect(growth("gateway", flatness(ends([40, 40], [16, 18, 19]), even))).toEqual([]);
  expect(growth("gateway", flatness(ends([40, 40], [16, 16.3, 16.7]), even))).toEqual([]);
  expect(growth("gateway", flatness(ends([40, 40], [16, 18, 20]), even))).toEqual([
    "the gateway's compiled code grows on: 16, 18, 20 MB, as much again in the second half",
  ]);
  expect(growth("gateway", flatness(ends([40, 40], [16, 15, 16.4]), even))).toEqual([]);
  expect(growth("gateway", flatness(ends([40, 40], [16, 15, 17]), even))).toHaveLength(1);
});

test("F29 a process that comes ever higher is not flat though nothing is kept in its heap", () => {
  const rising = told((at) => 90 + at / 2);
  expect(growth("gateway", flatness(ends([40, 40]), rising))).toEqual([
    "the gateway's memory still rises: 120 MB at most in the last third, 110 MB in the one before",
  ]);
});

test("growth is told an hour, however long was looked", () => {
  const [first, middle] = ends([40, 40]);
  expect(
    flatness(
      [first, middle, { at: hour / 2, live: 41, code: 7, all: 100 }],
      told(() => 100),
    ).livePercentPerHour,
  ).toBe(2);
});
