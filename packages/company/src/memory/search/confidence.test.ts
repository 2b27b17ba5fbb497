import { expect, test } from "vitest";
import { confidenceOf, isSure } from "./confidence.ts";

const memory = (meaning: number | null, words = 0) => ({ id: "m", meaning, words, isOfTime: false });
const terms = (...df: number[]) => df.map((each, at) => ({ lexeme: `w${at}`, df: each }));

test("Q03 one memory that fits by meaning and words together makes sure; words that no memory holds make unsure", () => {
  const fits = [memory(0.5, 0.4), memory(0.3), memory(0.2)];
  const known = confidenceOf(fits, { terms: terms(3, 8), byMeaning: true });
  const unknown = confidenceOf(fits, { terms: terms(0, 0), byMeaning: true });
  expect(isSure(known)).toBe(true);
  expect(unknown.value).toBeCloseTo(known.value - 0.6, 9);
  expect(isSure(confidenceOf([memory(0.25), memory(0.24)], { terms: terms(0, 0, 4), byMeaning: true }))).toBe(false);
});

test("Q03 without any vector the best match by words decides; nothing found is nothing sure", () => {
  expect(confidenceOf([memory(null, 0.5)], { terms: terms(2), byMeaning: true })).toEqual({ value: 0.5, byMeaning: false });
  expect(isSure(confidenceOf([], { terms: [], byMeaning: true }))).toBe(false);
});
