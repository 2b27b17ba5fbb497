import { expect, test } from "vitest";
import { rarestWords } from "./rarest-words.ts";

const term = (lexeme: string, df: number) => ({ lexeme, df });

test("Q03 where few rows hold the words any of them will do; words that nothing holds are left out", () => {
  expect(rarestWords([term("absent", 0), term("walrus", 3), term("o'clock", 40)], 100_000)).toEqual(["'walrus' | 'o''clock'"]);
  expect(rarestWords([term("absent", 0)], 100_000)).toEqual([]);
});

test("Q03 beside a rare word a common one opens no flood of rows; at last it does, where all else gives too little", () => {
  const tries = rarestWords([term("walrus", 3), term("bakery", 18_000), term("order", 20_000)], 100_000);
  expect(tries).toEqual(["'walrus' | ('bakery' & 'order')", "'walrus'", "'walrus' | 'bakery' | 'order'"]);
});

test("Q03 where every word is common rows that hold the rarest of them together come first, then fewer, at last any word", () => {
  const tries = rarestWords([term("a", 8_000), term("b", 12_000), term("c", 14_000), term("d", 60_000)], 100_000);
  expect(tries).toEqual(["('a' & 'b' & 'c')", "('a' & 'b')", "'a' | 'b' | 'c' | 'd'"]);
  expect(rarestWords([term("a", 90_000)], 100_000)).toEqual(["'a'"]);
});
