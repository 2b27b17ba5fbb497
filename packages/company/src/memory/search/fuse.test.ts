import { expect, test } from "vitest";
import { fuse, type Measured } from "./fuse.ts";

const memory = (id: string, more: Partial<Measured> = {}): Measured => ({ id, meaning: 0, words: 0, isOfTime: false, ...more });
const order = (memories: Measured[]): string[] => fuse(memories).map(({ id }) => id);

test("Q03 what matches by both measures goes before what matches by one; a place is told for each", () => {
  const fused = fuse([memory("a", { meaning: 0.6 }), memory("both", { meaning: 0.5, words: 0.4 }), memory("x", { words: 0.5 })]);
  expect(fused.map(({ id }) => id)).toEqual(["both", "a", "x"]);
  expect(fused[0]!.places).toEqual({ meaning: 2, words: 2 });
  expect(fused[1]!.places).toEqual({ meaning: 1 });
});

test("Q03 a first place for a poor match is worth less than a later one for a good match", () => {
  expect(order([memory("one common word", { meaning: 0.2, words: 0.05 }), memory("like it", { meaning: 0.5 })])).toEqual([
    "like it",
    "one common word",
  ]);
  expect(fuse([memory("opposite", { meaning: -0.4 })])[0]).toMatchObject({ score: 0, places: {} });
});

test("Q03 of two alike the one of the days asked for goes first, and its place in time is told", () => {
  const fused = fuse([memory("other day", { meaning: 0.5 }), memory("that day", { meaning: 0.4, isOfTime: true })]);
  expect(fused[0]).toMatchObject({ id: "that day", places: { time: 1 } });
  expect(fused[1]!.places.time).toBeUndefined();
});

test("Q03 a memory without a vector yet counts as the others do on average, and by its words", () => {
  const memories = [
    memory("near", { meaning: 0.6 }),
    memory("far", { meaning: 0.2 }),
    memory("new", { meaning: null, words: 0.7 }),
  ];
  expect(order(memories)).toEqual(["new", "near", "far"]);
  expect(fuse(memories)[0]!.places.meaning).toBeUndefined();
});
