import { expect, test } from "vitest";
import { fuse } from "./fuse.ts";

const list = (...ids: string[]) => ids.map((id) => ({ id, strength: 1 }));

test("Q03 what both lists have goes before what one has; a place is told for each list", () => {
  const fused = fuse({ meaning: list("a", "both", "c"), words: list("x", "both") });
  expect(fused[0]).toMatchObject({ id: "both", places: { meaning: 2, words: 2 } });
  expect(fused.map(({ id }) => id).toSorted()).toEqual(["a", "both", "c", "x"]);
});

test("Q03 a first place for a poor match is worth less than one for a good match", () => {
  const fused = fuse({ words: [{ id: "poor", strength: 0.05 }], meaning: [{ id: "good", strength: 0.6 }] });
  expect(fused.map(({ id }) => id)).toEqual(["good", "poor"]);
  expect(fuse({ meaning: [{ id: "opposite", strength: -0.4 }] })[0]!.score).toBe(0);
});
